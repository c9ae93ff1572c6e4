"""A made-up news page with the furniture that templates print around a story, and its parts to compare with."""

from __future__ import annotations

HEADLINE = "Harbour bridge of Northmouth closes for a year"
PARAGRAPHS = (
    "The council of Northmouth voted on Tuesday to close the old harbour bridge for repairs, after engineers had found "
    "cracks in two of its eleven pillars during an inspection in spring.",
    "Work will begin in May and is expected to take a year, the mayor said. Until then a ferry will carry people "
    "on foot and cyclists across the basin every ten minutes, free of charge.",
    "Shopkeepers on the north quay fear for their trade. “Nobody will take a ferry to buy bread,” said a baker, whose "
    "family has run a shop there for three generations.",
    "The bridge was built in 1911, strengthened twice, the last time in 1974. Its steel was never meant for lorries; "
    "they make up a third of the traffic today, according to the engineers' report.",
    "A new bridge would cost some 80 million, a sum that the city does not have. The council will discuss in autumn "
    "whether to ask for a loan or to sell the old power station on the island.",
)
SUBHEADING = "A ferry every ten minutes"
LATE = (
    "Residents will be able to follow the repairs from a platform on the southern bank, which the city will open in "
    "June and keep until the last of the scaffolding has gone."
)
RELATED = (
    "Power station on the island may be sold",
    "Ferry company looks for captains",
    "Market moves to the old town",
)
SIGN_UP = "Sign up for our morning newsletter and get the news of the harbour in your inbox every day."

BRIEF = (
    "<html><body><h1>Harbour closed</h1><p>The harbour of Northmouth was closed on Monday, the mayor said, and will "
    "stay so until the ice has gone.</p></body></html>"
)
"""A page of so little text that trafilatura is asked."""


def news_page(body: str = "") -> str:
    """The page; `body` stands between the third paragraph and the fourth."""
    story = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    links = "".join(f"<li><a href='/{n}'>{title}</a></li>" for n, title in enumerate(RELATED))
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("News", "Sport", "Culture", "Weather", "Jobs"))
    return (
        f"<!doctype html><html lang='en'><head><title>{HEADLINE} | Northmouth News</title>"
        f"<meta property='og:title' content='{HEADLINE}'></head><body><header><nav><ul class='menu'>{menu}</ul></nav>"
        f"</header><main><article class='story'><h1>{HEADLINE}</h1><div class='share'><a href='#'>Share</a> "
        f"<a href='#'>Tweet</a></div><div class='story-body'>{''.join(story[:3])}<h2>{SUBHEADING}</h2>{body}"
        f"{''.join(story[3:])}<div class='related-links'><h3>Related stories</h3><ul>{links}</ul></div>"
        f"<div class='newsletter-signup'><p>{SIGN_UP}</p></div></div></article></main>"
        "<aside class='side'><h3>Most read</h3><ul><li><a href='/a'>Storm warning for the coast</a></li></ul></aside>"
        "<footer><p>© Northmouth News. All rights reserved. <a href='/imprint'>Imprint</a></p></footer></body></html>"
    )
