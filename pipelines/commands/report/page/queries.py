"""The queries of the report page. Each gives the table that stands on the page, with the same numbers for everybody.

They run over the views of ``newsbeam views``. They are made of ids of runs and instants of ours: no foreign text is put
into SQL.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.figures.facts import OF_LIVE_RUNS
from pipelines.figures.span import Span
from transforms.lake.accounts import SUMS

DAY: Final = "strftime(strptime(left(run_id, 8), '%Y%m%d'), '%Y-%m-%d')"
"""The UTC day of a row's run."""
INPUT_LETTERS: Final = 300
"""The most letters of a failed input; a longer one is cut, and cannot be tried again from the page."""
_LIMIT: Final = re.compile(r"\nlimit (\d+)\Z")
_NEW: Final = "relation is distinct from 'revision'"
_BUILT: Final = "withdrawn_at is null"
"""Not a revision that only notes a withdrawal: that has the text of the revision before, and was not built."""
_TIMELY: Final = f"{_NEW} and date_precision = 'second' and date_published <= ingested_at and {OF_LIVE_RUNS}"
"""Articles whose time from publication to row says how fast the runs are: those of archives are as old as these."""
_COPY: Final = "relation in ('exact', 'near', 'abridged')"


def limit_of(sql: str) -> int | None:
    """The limit at the end of a query; None without one."""
    found = _LIMIT.search(sql)
    return int(found[1]) if found is not None else None


def count_sql(sql: str) -> str:
    """How many rows a query would give without the limit at its end."""
    return f"select count(*) from ({_LIMIT.sub('', sql)})"


def run_sql(span: Span) -> str:
    """The newest run on a line."""
    return f"""\
select run_id as run, command,
       round(epoch_us(finished_at - started_at) / 1e6, 1) as seconds,
       coalesce(tables['pages'], 0) as pages,
       coalesce(tables['articles'], 0) as articles,
       coalesce(tables['failures'], 0) as failures,
       coalesce(tables['pending'], 0) as left_for_the_next_run
from runs
where run_id = '{span.newest}'"""


def sums_sql(span: Span) -> str:
    """The sums of the newest run that are not 0: what came in, and what it ended in."""
    terms = ",\n    ".join(
        f"({place}, '{name}', '{side}', '{term}')"
        for place, (name, came, ended) in enumerate(SUMS, 1)
        for side, terms in (("in", came), ("out", ended))
        for term in terms
    )
    return f"""\
with terms(place, name, side, term) as (values
    {terms}
), counts as (
    select one.key as term, one.value as n
    from (select unnest(map_entries(counts)) as one from runs where run_id = '{span.newest}')
)
select name as sum,
       coalesce(sum(n) filter (side = 'in'), 0) as came_in,
       coalesce(sum(n) filter (side = 'out'), 0) as accounted_for,
       coalesce(string_agg(n || ' ' || term, ' + ' order by n desc, term) filter (side = 'out' and n > 0), '')
           as ended_in
from terms join counts using (term)
group by place, name
having came_in > 0 or accounted_for > 0
order by place"""


def days_sql(span: Span) -> str:
    """New articles by day, and revisions: edits, withdrawals, what has returned."""
    return f"""\
select {DAY} as day,
       count(*) filter ({_NEW}) as articles,
       count(*) filter ({_COPY}) as of_them_copies,
       count(*) filter (relation = 'revision') as revisions,
       count(withdrawn_at) as of_them_withdrawn,
       count(distinct publisher_domain) as publishers
from articles
where {span.is_of}
group by day
order by day"""


def publishers_sql(span: Span, most: int) -> str:
    """New articles by publisher, and of each by day."""
    return f"""\
with by_day as (
    select left(publisher_domain, 80) as publisher, {DAY} as day, count(*) as n
    from articles
    where {span.is_of} and {_NEW}
    group by all
)
select publisher, sum(n)::bigint as articles, round(sum(n) / {len(span.day_names())}, 1) as a_day,
       map_from_entries(list((day, n) order by day)) as by_day
from by_day
group by publisher
order by articles desc, publisher
limit {most}"""


def lateness_sql(span: Span) -> str:
    """How long articles of feeds took from publication to their row, where the publication's time of day is known."""
    return f"""\
with waits as (
    select epoch_us(ingested_at - date_published) / 6e7 as minutes
    from articles
    where {span.is_of} and {_TIMELY}
), steps(place, until, took) as (values
    (1, 15, 'under 15 minutes'), (2, 60, '15 to 60 minutes'), (3, 180, '1 to 3 hours'), (4, 720, '3 to 12 hours'),
    (5, 1440, '12 to 24 hours'), (6, 10080, '1 to 7 days'), (7, 1e18, 'more than 7 days')
)
select took, count(minutes) as articles
from steps left join waits on minutes < until and minutes >= coalesce(
    (select max(before.until) from steps as before where before.place < steps.place), 0)
group by place, took
order by place"""


def latest_sql(span: Span, most: int) -> str:
    """The publishers whose articles take longest, by the median of all that have ten."""
    return f"""\
select left(publisher_domain, 80) as publisher, count(*) as articles,
       round(median(epoch_us(ingested_at - date_published)) / 3.6e9, 1) as median_hours,
       round(quantile_cont(epoch_us(ingested_at - date_published), 0.9) / 3.6e9, 1) as hours_of_the_slowest_tenth
from articles
where {span.is_of} and {_TIMELY}
group by publisher
having articles >= 10
order by median_hours desc, publisher
limit {most}"""


def relations_sql(span: Span, most: int) -> str:
    """Rows by what they are to others: originals, copies, revisions."""
    return f"""\
select coalesce(relation, 'unknown') as relation, count(*) as articles,
       round(100.0 * count(*) / sum(count(*)) over (), 1) as percent
from articles
where {span.is_of}
group by all
order by articles desc, relation
limit {most}"""


def copied_sql(span: Span, most: int) -> str:
    """Who copied whom: copies by the publisher of the copy and that of its original."""
    return f"""\
with originals as (
    select article_id, arg_min(publisher_domain, run_id) as publisher
    from articles
    where {span.is_of}
    group by article_id
)
select left(copies.publisher_domain, 80) as copied_by,
       coalesce(left(originals.publisher, 80), '(older than these days)') as original_of,
       count(*) as articles
from articles as copies left join originals on originals.article_id = copies.duplicate_of
where copies.{span.is_of} and {_COPY}
group by all
order by articles desc, copied_by, original_of
limit {most}"""


def stories_sql(span: Span, most: int) -> str:
    """The stories with most articles, and their articles by day."""
    return f"""\
with of_days as (
    select story_id, {DAY} as day, count(*) as n
    from articles
    where {span.is_of} and {_NEW} and story_id is not null
    group by all
), by_day as (
    select story_id, sum(n)::bigint as articles, map_from_entries(list((day, n) order by day)) as by_day
    from of_days
    group by story_id
    having articles > 1
    order by articles desc, story_id
    limit {most}
)
select coalesce(left(arg_min(headline, (article_id != story_id, run_id, article_id)), 120), '(no headline)') as story,
       any_value(articles) as articles, count(distinct publisher_domain) as publishers, any_value(by_day) as by_day
from by_day join articles using (story_id)
where {span.is_of} and {_NEW}
group by story_id
order by articles desc, story_id"""


def stories_count_sql(span: Span) -> str:
    """How many stories there are of which `stories_sql` gives the largest."""
    return f"""\
select count(*)
from (
    select story_id
    from articles
    where {span.is_of} and {_NEW} and story_id is not null
    group by story_id
    having count(*) > 1
)"""


def values_sql(span: Span, column: str, most: int, is_list: bool = False) -> str:
    """New articles by the values of a column; an article of several counts for each."""
    value = f"unnest({column})" if is_list else column
    return f"""\
select left(value, 80) as value, count(*) as articles
from (select {value} as value from articles where {span.is_of} and {_NEW})
where value is not null
group by all
order by articles desc, value
limit {most}"""


def failure_days_sql(span: Span) -> str:
    """Failures by day and stage."""
    return f"""\
select {DAY} as day, count(*) as failures,
       count(*) filter (stage = 'feeds') as feeds, count(*) filter (stage = 'pages') as pages,
       count(*) filter (stage = 'extract') as extract, count(*) filter (stage = 'warc') as warc
from failures
where {span.is_of}
group by day
order by day"""


def failure_kinds_sql(span: Span, most: int) -> str:
    """Failures by stage and reason."""
    return f"""\
select stage || '/' || reason as failure, count(*) as failures,
       count(*) filter (run_id = '{span.newest}') as in_the_newest_run
from failures
where {span.is_of}
group by all
order by failures desc, failure
limit {most}"""


def failure_hosts_sql(span: Span, most: int) -> str:
    """Failures by host, and the most frequent reason of each."""
    return f"""\
with kinds as (
    select left(coalesce(host, '(unknown)'), 80) as host, stage || '/' || reason as failure, count(*) as n
    from failures
    where {span.is_of}
    group by all
)
select host, sum(n)::bigint as failures, arg_max(failure, (n, failure)) as mostly
from kinds
group by host
order by failures desc, host
limit {most}"""


def failure_examples_sql(span: Span, most: int) -> str:
    """The newest two failures of each stage and reason, the most frequent kinds first."""
    return f"""\
select stage || '/' || reason as failure, left(input, {INPUT_LETTERS}) as input, left(message, 160) as message
from (
    select *, count(*) over (partition by stage, reason) as frequent,
           row_number() over (partition by stage, reason order by run_id desc, input) as place
    from failures
    where {span.is_of}
)
where place <= 2
order by frequent desc, failure, place
limit {most}"""


def removed_reasons_sql(span: Span, most: int) -> str:
    """Blocks that were removed from texts, by reason."""
    return f"""\
select one.reason as reason, count(*) as blocks
from (select unnest(removed) as one from articles where {span.is_of} and {_BUILT})
group by all
order by blocks desc, reason
limit {most}"""


def removed_sites_sql(span: Span, most: int) -> str:
    """Blocks that were removed from texts, by site and reason."""
    return f"""\
select left(publisher_domain, 80) as site, one.reason as reason, count(*) as blocks,
       round(count(*) / any_value(articles), 1) as an_article
from (
    select publisher_domain, unnest(removed) as one, count(*) over (partition by publisher_domain) as articles
    from articles
    where {span.is_of} and {_BUILT}
)
group by all
order by blocks desc, site, reason
limit {most}"""
