"""Questions to a reader of robots.txt, from RFC 9309 and its examples."""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """A file, and what it allows and denies the crawler ``newsbeam`` on ``https://news.example``; paths by blanks."""

    text: str
    allowed: str
    denied: str


FILES = {
    "plain": Said(
        "User-agent: newsbeam\nDisallow: /private\n",
        "/ /privat",
        "/private /private/x",
    ),
    "longest": Said(
        "User-agent: *\nAllow: /p\nDisallow: /\n",
        "/page",
        "/other /",
    ),
    "longest_folder": Said(
        "User-agent: *\nAllow: /folder\nDisallow: /folder\n",
        "/folder/page",
        "",
    ),
    "longest_star": Said(
        "User-agent: *\nAllow: /page\nDisallow: /*.htm\n",
        "/page",
        "/page.htm",
    ),
    "specific": Said(
        "User-agent: *\nDisallow: /\n\nUser-agent: newsbeam\nDisallow: /x\n",
        "/a",
        "/x",
    ),
    "specific_first": Said(
        "User-agent: newsbeam\nDisallow: /x\n\nUser-agent: *\nDisallow: /\n",
        "/a",
        "/x",
    ),
    "specific_empty": Said(
        "User-agent: newsbeam\n\nUser-agent: *\nDisallow: /y\n",
        "",
        "/y",
    ),
    "specific_no_rule": Said(
        "User-agent: *\nDisallow: /\n\nUser-agent: newsbeam\nDisallow:\n",
        "/a",
        "",
    ),
    "case": Said(
        "uSeR-aGeNt: NEWSBeam\ndIsAlLoW: /Private\n",
        "/private",
        "/Private",
    ),
    "substring": Said(
        "User-agent: news\nDisallow: /\n\nUser-agent: newsbeamer\nDisallow: /\n\nUser-agent: beam\nDisallow: /\n",
        "/a",
        "",
    ),
    "version": Said(
        "User-agent: newsbeam/2.1\nDisallow: /v\n",
        "",
        "/v",
    ),
    "version_blank": Said(
        "User-agent: newsbeam 2.1 (the crawler)\nDisallow: /v\n",
        "",
        "/v",
    ),
    "star_text": Said(
        "User-agent: * please\nDisallow: /s\n",
        "",
        "/s",
    ),
    "star_glued": Said(
        "User-agent: *bot\nDisallow: /\n",
        "/a",
        "",
    ),
    "merged": Said(
        "User-agent: newsbeam\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: newsbeam\nDisallow: /c\n",
        "/b",
        "/a /c",
    ),
    "merged_star": Said(
        "User-agent: *\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: *\nDisallow: /c\n",
        "/b",
        "/a /c",
    ),
    "several": Said(
        "User-agent: other\nUser-agent: newsbeam\nDisallow: /a\n\nUser-agent: third\nDisallow: /b\n",
        "/b",
        "/a",
    ),
    "several_apart": Said(
        "User-agent: other\n\n# between\n\nUser-agent: newsbeam\n\nDisallow: /a\n",
        "",
        "/a",
    ),
    "unknown": Said(
        "User-agent: newsbeam\nSitemap: https://news.example/map.xml\nUser-agent: other\nNoindex: /b\nDisallow: /a\n",
        "/b",
        "/a",
    ),
    "unknown_within": Said(
        "User-agent: newsbeam\nDisallow: /a\nSitemap: https://news.example/map.xml\nDisallow: /c\n",
        "",
        "/a /c",
    ),
    "delay_between": Said(
        "User-agent: newsbeam\nCrawl-delay: 3\nUser-agent: other\nDisallow: /a\n",
        "",
        "/a",
    ),
    "before_any": Said(
        "Disallow: /a\nUser-agent: newsbeam\nDisallow: /b\n",
        "/a",
        "/b",
    ),
    "mark": Said(
        "\ufeffUser-agent: newsbeam\nDisallow: /a\n",
        "",
        "/a",
    ),
    "cr": Said(
        "User-agent: newsbeam\rDisallow: /a\rDisallow: /b\r",
        "",
        "/a /b",
    ),
    "crlf": Said(
        "User-agent: newsbeam\r\nDisallow: /a\r\nDisallow: /b\r\n",
        "/",
        "/a /b",
    ),
    "mixed_ends": Said(
        "User-agent: newsbeam\nDisallow: /a\r\nDisallow: /b\rDisallow: /c",
        "",
        "/b /c",
    ),
    "other_separators": Said(
        "User-agent: newsbeam\nDisallow: /a\u000b/b\n# \u2028Disallow: /c\n",
        "/c",
        "",
    ),
    "no_colon": Said(
        "User-agent newsbeam\nDisallow /a\n",
        "/b",
        "/a",
    ),
    "no_colon_words": Said(
        "User-agent: newsbeam\nDisallow /a and /b\nDisallow: /c\n",
        "/a",
        "/c",
    ),
    "blanks": Said(
        "  User-agent  :  newsbeam  \n\tDisallow\t:\t/a \n",
        "",
        "/a",
    ),
    "comments": Said(
        "User-agent: newsbeam # us\n# Disallow: /b\nDisallow: /a#b\nDisallow: /c # why\n",
        "/b",
        "/a /c",
    ),
    "no_disallow": Said(
        "User-agent: newsbeam\nDisallow:\nAllow:\n",
        "/a",
        "",
    ),
    "empty_allow": Said(
        "User-agent: newsbeam\nDisallow: /\nAllow:\n",
        "",
        "/a",
    ),
    "star": Said(
        "User-agent: newsbeam\nDisallow: /a*b\nDisallow: /*/c*.php\n",
        "/ba /c1.php",
        "/ab /axxb/c /x/c1.php?y",
    ),
    "stars": Said(
        "User-agent: newsbeam\nDisallow: /x**y***z\nDisallow: /q/*\n",
        "/xz /q",
        "/x1y2z /q/",
    ),
    "star_first": Said(
        "User-agent: newsbeam\nDisallow: *.gif\n",
        "/a.gi",
        "/a.gif /a.gifx",
    ),
    "end": Said(
        "User-agent: newsbeam\nDisallow: /*.pdf$\nDisallow: /only$\nDisallow: /$\n",
        "/a.pdf?x /only/",
        "/a.pdf /only /",
    ),
    "end_again": Said(
        "User-agent: newsbeam\nDisallow: /*ab$\n",
        "/abx",
        "/abxab /ab",
    ),
    "dollar_within": Said(
        "User-agent: newsbeam\nDisallow: /a$b\n",
        "/a",
        "/a$b",
    ),
    "dollar_star": Said(
        "User-agent: newsbeam\nDisallow: /a$*\n",
        "/a",
        "/a$x",
    ),
    "literal_star": Said(
        "User-agent: newsbeam\nDisallow: /file-%2A-end\n",
        "/file-x-end",
        "/file-*-end",
    ),
    "literal_dollar": Said(
        "User-agent: newsbeam\nDisallow: /price%24\n",
        "/price",
        "/price$5",
    ),
    "literal_hash": Said(
        "User-agent: newsbeam\nDisallow: /a%23b\n",
        "",
        "/a%23b",
    ),
    "utf8": Said(
        "User-agent: newsbeam\nDisallow: /\u30c4\n",
        "/%E3%83%85",
        "/%E3%83%84 /%e3%83%84/x",
    ),
    "utf8_escaped": Said(
        "User-agent: newsbeam\nDisallow: /%E3%83%84\n",
        "",
        "/%E3%83%84",
    ),
    "utf8_lower": Said(
        "User-agent: newsbeam\nDisallow: /%e3%83%84\n",
        "",
        "/%E3%83%84",
    ),
    "unreserved": Said(
        "User-agent: newsbeam\nDisallow: /bar/%62%61%7A\nDisallow: /%7Ejoe/\n",
        "",
        "/bar/baz /bar/%62%61%7A /~joe/",
    ),
    "tilde": Said(
        "User-agent: newsbeam\nDisallow: /~joe/\n",
        "",
        "/%7Ejoe/ /%7ejoe/a",
    ),
    "query": Said(
        "User-agent: newsbeam\nDisallow: /bar?baz=https://foo.bar\nDisallow: /*?print=\n",
        "/x?a=1&print=1",
        "/bar?baz=https://foo.bar /bar?baz=https%3A%2F%2Ffoo.bar /x?print=1",
    ),
    "query_any": Said(
        "User-agent: newsbeam\nDisallow: /*?\n",
        "/a",
        "/a?",
    ),
    "params": Said(
        "User-agent: newsbeam\nDisallow: /a;jsession\n",
        "",
        "/a;jsession=1",
    ),
    "no_slash": Said(
        "User-agent: newsbeam\nDisallow: a\n",
        "/a",
        "",
    ),
    "path_case": Said(
        "User-agent: newsbeam\nDisallow: /Abc\n",
        "/abc",
        "/Abc",
    ),
    "prefix": Said(
        "User-agent: newsbeam\nDisallow: /fish\n",
        "/Fish /catfish",
        "/fish /fish.html /fishheads/x /fish?id=1",
    ),
    "prefix_slash": Said(
        "User-agent: newsbeam\nDisallow: /fish/\n",
        "/fish",
        "/fish/x",
    ),
    "tie": Said(
        "User-agent: newsbeam\nDisallow: /tie\nAllow: /tie\nAllow: /ab*\nDisallow: /abc\n",
        "/tie /abc",
        "",
    ),
    "order": Said(
        "User-agent: newsbeam\nDisallow: /\nAllow: /a\nDisallow: /a/b\nAllow: /a/b/c\n",
        "/a /a/b/c",
        "/b /a/b",
    ),
    "everything": Said(
        "User-agent: *\nDisallow: /\n",
        "/robots.txt",
        "/",
    ),
    "html": Said(
        "<html><head><title>Not here</title></head><body>Disallow: /</body></html>",
        "/a",
        "",
    ),
    "empty": Said(
        "",
        "/a",
        "",
    ),
    "slips": Said(
        "Useragent: newsbeam\nDissallow: /a\nDisalow: /b\n",
        "/c",
        "/a /b",
    ),
    "rfc": Said(
        "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
        "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\n"
        "Allow:/example/allowed.gif\n\nUser-Agent: barbot\nUser-Agent: bazbot\n"
        "Disallow: /example/page.html\n\nUser-Agent: quxbot\n",
        "/a.gif?x /publications/a",
        "/a.gif /example/a",
    ),
    "rfc_longest": Said(
        "User-Agent: newsbeam\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
        "/example/page/a",
        "/example/page/disallowed.gif",
    ),
}

CASES = [
    (name, path, allowed)
    for name, said in FILES.items()
    for allowed, paths in ((True, said.allowed), (False, said.denied))
    for path in paths.split()
]
