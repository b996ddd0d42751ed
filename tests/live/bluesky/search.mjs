// A search index for the app view, asked as the app view asks its own (`searchPostsSkeleton`): the one in dev-env knows
// `q` alone. This one does what the lexicon and bluesky-social/indigo (search/parse_query.go) say of since, until, tag,
// lang, author and mentions, newest first; `#tag` and `@handle` in `q` are filters too, handles are resolved.
// since <= sortAt < until, sortAt being the earlier of createdAt and indexedAt. The cursor is an offset and ends at
// WORDROUND_LIVE_WALL posts (10,000 unless told).
import http from 'node:http'
import pg from 'pg'

const WALL = Number(process.env.WORDROUND_LIVE_WALL ?? 10_000)
const has = (n, text) => `position(lower(${n}) in lower(${text})) > 0`
const did = (n, schema) => `coalesce((select did from "${schema}".actor where handle = lower(${n}::text)), ${n}::text)`
const CONDITIONS = {
  author: (n, schema) => `p.creator = ${did(n, schema)}`,
  since: (n) => `p."sortAt" >= ${n}`,
  until: (n) => `p."sortAt" < ${n}`,
  lang: (n) => `p.langs ? ${n}`,
  mentions: (n, schema) => has(`'"did":"' || ${did(n, schema)} || '"'`, 'r.json'),
  tag: (n) => `(${has(`'"tag":"' || ${n} || '"'`, 'r.json')} or lower(p.tags::text)::jsonb ? lower(${n}))`,
  words: (n) => has(n, 'p.text'),
}

const iso = (value) => new Date(value).toISOString() // throws on what is no date

function* asked(params) {
  for (const [, phrase, word] of (params.get('q') ?? '').matchAll(/"([^"]+)"|(\S+)/g)) {
    if (word?.match(/^#./)) yield ['tag', word.slice(1)]
    else if (word?.match(/^@[\w-]+\.[\w.-]+$/)) yield ['mentions', word.slice(1)]
    else if (word !== '*') yield ['words', phrase ?? word]
  }
  for (const name of ['author', 'lang', 'mentions', 'tag']) for (const value of params.getAll(name)) yield [name, value]
  for (const name of ['since', 'until']) for (const value of params.getAll(name)) yield [name, iso(value)]
}

const statement = (params, schema) => {
  const values = []
  const bind = (value) => `$${values.push(value)}`
  const where = ['true']
  for (const [name, value] of asked(params)) where.push(CONDITIONS[name](bind(value), schema))
  const offset = Number(params.get('cursor') ?? 0)
  if (!Number.isInteger(offset) || offset < 0) throw new Error('cursor')
  const limit = Math.max(0, Math.min(Number(params.get('limit') ?? 25), WALL - offset))
  const text = `select p.uri from "${schema}".post p join "${schema}".record r using (uri)
    where ${where.join(' and ')} order by p."sortAt" desc, p.cid desc limit ${bind(limit)} offset ${bind(offset)}`
  return { text, values, limit, offset }
}

export const serveSearch = async (url, schema) => {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const server = http.createServer(async (request, answer) => {
    const json = (status, body) =>
      answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    try {
      const given = new URL(request.url, 'http://localhost')
      if (!given.pathname.endsWith('.searchPostsSkeleton')) return json(501, { error: 'MethodNotImplemented' })
      const { text, values, limit, offset } = statement(given.searchParams, schema)
      const { rows } = await pool.query(text, values)
      const next = offset + rows.length
      json(200, { posts: rows, ...(rows.length === limit && next < WALL && { cursor: String(next) }) })
    } catch (error) {
      json(400, { error: 'BadQueryString', message: String(error.message) })
    }
  })
  await new Promise((done) => server.listen(0, done))
  const close = () => Promise.all([new Promise((done) => server.close(done)), pool.end()])
  return { url: `http://localhost:${server.address().port}`, close }
}
