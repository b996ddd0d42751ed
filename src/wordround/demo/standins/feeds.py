"""A blog: its feed in every dialect, with validators, a door that can be locked, and a page for each entry."""

from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

PATH = "/comments/feed/"


class Feeds(StandIn):
    """`shows`: how many entries a feed shows. `dialect`: rss2, rss1, rss091, atom, or wordpress: a feed of comments as
    WordPress makes it. `changes`: what breaks. `kind`: the type under which it comes.
    """

    shows, dialect, path, title = 10, "rss2", PATH, "Comments on Fernvale Stories"
    is_locked = is_permalink = False
    robots = ""
    kind = "application/xml"
    changes: tuple[str, str] = ("", "")
    encoding = said_encoding = "utf-8"

    def answer(self, call: Call) -> Reply:
        if call.path != self.path:
            return self._page(call)
        if self.is_locked:
            raise Refuse(401, "", {"WWW-Authenticate": 'Basic realm="Members"'})
        body = self.body()
        etag = f'"{sha256(body.encode()).hexdigest()[:16]}"'
        if call.headers.get("if-none-match") == etag:
            return Reply("", 304, {"ETag": etag})
        headers = {"ETag": etag} | ({"X-Robots-Tag": self.robots} if self.robots else {})
        content = body.encode(self.encoding, errors="xmlcharrefreplace")
        return Reply(content, 200, headers, f"{self.kind}; charset={self.said_encoding}" if self.kind else "")

    def _page(self, call: Call) -> Reply:
        post = next((post for post in self.posts if self.link(post).endswith(call.path)), None)
        if post is None or post.is_deleted:
            raise Refuse(410 if post else 404, "")
        return Reply(f"<html><title>{post.id}</title></html>", 200, {}, "text/html")

    def link(self, post: Post) -> str:
        return f"{self.address}/stories/{post.id}"

    def guid(self, post: Post) -> str:
        return self.link(post) if self.is_permalink else f"tag:blog.example.test,{post.id}"

    def body(self) -> str:
        shown = sorted((post for post in self.posts if not post.is_deleted), key=lambda post: post.posted_at)[::-1]
        entries = "".join(map(getattr(self, f"_{self.dialect}"), shown[: self.shows]))
        start, end = _WHOLE[self.dialect]
        title = f"<title>{escape(self.title)}</title><link>{self.address}</link>"
        if self.dialect == "atom":
            title = f"<title>{escape(self.title)}</title><id>tag:blog</id>"
        if self.dialect == "rss1":
            title = f'<channel rdf:about="{self.address}">{title}</channel>'
        return (start + title + entries + end).replace(*self.changes)

    def _rss2(self, post: Post) -> str:
        return (
            f"<item><title>{escape(post.title or '')}</title><link>{self.link(post)}</link>"
            f"<dc:creator>{post.author}</dc:creator><pubDate>{format_datetime(post.posted_at)}</pubDate>"
            f'<guid isPermaLink="{str(self.is_permalink).lower()}">{self.guid(post)}</guid>'
            f"<description>{escape(post.text[:20])}</description>"
            f"<content:encoded><![CDATA[<p>{post.text}</p>]]></content:encoded>"
            f"<slash:comments>{post.replies}</slash:comments><x:odd xmlns:x='urn:x'>?</x:odd></item>"
        )

    def _wordpress(self, post: Post) -> str:
        """A comment names its writer in the title and whom it answers in a first line; a pingback is an excerpt."""
        text = f"[&#8230;] {escape(post.text)} [&#8230;]" if post.extra.get("is_pingback") else escape(post.text)
        answered = f'<a href="{self.address}/my-stay/#comment-{post.reply_to}">{post.extra.get("to", "somebody")}</a>'
        line = f"<p>In reply to {answered}.</p>\n" if post.reply_to else ""
        return (
            f"<item><title>Comment on My stay by {post.author}</title>"
            f"<link>{self.address}/my-stay/#comment-{post.id}</link><dc:creator><![CDATA[{post.author}]]></dc:creator>"
            f"<pubDate>{format_datetime(post.posted_at)}</pubDate>"
            f'<guid isPermaLink="false">{self.address}/?p=5#comment-{post.id}</guid>'
            f"<description>{escape(line + text)}</description>"
            f"<content:encoded><![CDATA[{line}<p>{text}</p>]]></content:encoded></item>"
        )

    def _rss091(self, post: Post) -> str:
        link, when = f"<link>{self.link(post)}</link>", f"<pubDate>{format_datetime(post.posted_at)}</pubDate>"
        return f"<item>{link}{when}<description>{escape(post.text)}</description></item>"

    def _rss1(self, post: Post) -> str:
        return (
            f'<item rdf:about="{self.link(post)}"><link>{self.link(post)}</link>'
            f"<dc:date>{_iso(post.posted_at)}</dc:date><description>{escape(post.text)}</description></item>"
        )

    def _atom(self, post: Post) -> str:
        reply = f'<thr:in-reply-to ref="{post.reply_to}"/>' if post.reply_to else ""
        return (
            f"<entry><id>{self.guid(post)}</id><title>{escape(post.title or '')}</title>"
            f'<link href="{self.link(post)}"/><published>{_iso(post.posted_at)}</published>'
            f"<updated>{_iso(post.edited_at or post.posted_at)}</updated>{reply}"
            f'<content type="html" xml:lang="{post.language}">{escape(post.text)}</content></entry>'
        )


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_MODULES = f'{_DC} xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
_WHOLE = {
    "rss2": (f'<rss version="2.0" {_MODULES}><channel>', "</channel></rss>"),
    "wordpress": (f'<rss version="2.0" {_MODULES}><channel>', "</channel></rss>"),
    "rss091": ('<rss version="0.91"><channel>', "</channel></rss>"),
    "rss1": (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {_DC}>',
        "</rdf:RDF>",
    ),
    "atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">',
        "</feed>",
    ),
}
