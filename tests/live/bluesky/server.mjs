// Runs the real Bluesky server (PDS and app view) on loopback until stdin closes or SIGTERM.
// Prints one JSON line: {pds, appview}. Needs DB_POSTGRES_URL, and TMPDIR for what the PDS keeps.
import net from 'node:net'

// dev-env listens on every address and offers no setting for it.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...rest) {
  const options = typeof first === 'object' ? first : { port: Number(first ?? 0) }
  return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest.filter((arg) => typeof arg === 'function'))
}

process.env.REDIS_HOST ??= 'unused' // asserted by dev-env, read by nobody
const { TestNetwork } = await import('@atproto/dev-env')
const { serveSearch } = await import('./search.mjs')

const schema = 'live'
const search = await serveSearch(process.env.DB_POSTGRES_URL, `appview_${schema}`)
// Without an epoch the app view gives the earlier of createdAt and its own time as `indexedAt`, and forged dates pass.
const network = await TestNetwork.create({
  dbPostgresSchema: schema,
  plc: {},
  pds: { rateLimitsEnabled: true },
  bsky: { searchUrl: search.url, indexedAtEpoch: new Date(0) },
})
console.log(JSON.stringify({ pds: network.pds.url, appview: network.bsky.url }))

let ending = false
const end = async () => {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(1), 15_000).unref()
  await network.close().catch((error) => console.error(error))
  await search.close()
  process.exit(0)
}
process.on('SIGTERM', end).on('SIGINT', end)
process.stdin.on('end', end).on('close', end).resume()
