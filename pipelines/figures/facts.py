"""What the rules of health judge, asked of a lake by SQL: feeds, sites, failures, pending entries."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from pipelines.figures.lake_tables import FROM_FEEDS, LakeTables
from pipelines.figures.span import Span, sql_instant
from transforms.common.clock import DAY_US
from transforms.health.runs import FailureDays
from transforms.health.sources import WEEKS, Source
from transforms.health.texts import SiteTexts

TEXT_DAYS: Final = 3
"""The texts of so many days are compared with those before."""
LIVE: Final = "command in (" + ", ".join(f"'{command}'" for command in FROM_FEEDS) + ")"
"""The condition on `runs` for those that read feeds."""
OF_LIVE_RUNS: Final = f"run_id in (select run_id from runs where {LIVE})"
"""The condition on rows that such a run wrote."""
_PENDING_DAYS: Final = 7


def sources_sql(span: Span) -> str:
    """A row a feed: its polls, news and silences in the span, as of the start of the newest run.

    Its silence lasts until its last poll that was answered or failed. A feed that is not asked, since it is paused or
    our own network is down, does not fall silent.
    """
    newest = sql_instant(span.until_us)
    weeks = "".join(
        f",\n       coalesce(sum(new_entries) filter (brought and age >= {7 * week} and age < {7 * week + 7}), 0)"
        f" as week_{week}"
        for week in range(1, WEEKS + 1)
    )
    return f"""\
with in_order as (
    select feed_url, outcome, polled_at, next_poll_at, new_entries,
           epoch_us({newest} - polled_at) / {DAY_US}.0 as age,
           new_entries > 0 and polled_at > min(polled_at) over (partition by feed_url) as brought,
           outcome not in ('offline', 'deferred') as asked
    from feed_polls
    where {span.is_of}
), gaps as (
    select feed_url, epoch_us(polled_at - lag(polled_at) over (partition by feed_url order by polled_at)) as gap
    from in_order
    where brought
), silences as (
    select feed_url, round(max(gap, 2)[2] / 3.6e9, 1) as usual_silence_h
    from gaps
    group by feed_url
)
select feed_url as feed,
       arg_max(outcome, polled_at) as outcome,
       strftime(max(polled_at) filter (brought) at time zone 'UTC', '%Y-%m-%d %H:%M') as last_news_utc,
       round(epoch_us(max(polled_at) filter (asked) - max(polled_at) filter (brought)) / 3.6e9, 1) as silence_h,
       any_value(usual_silence_h) as usual_silence_h,
       count(*) filter (brought) as polls_with_news,
       coalesce(sum(new_entries) filter (brought and age < 7), 0) as last_7_days{weeks},
       round(max(age), 1) as days_polled,
       round(epoch_us({newest} - arg_max_null(next_poll_at, polled_at)) / 3.6e9, 1) as overdue_h
from in_order left join silences using (feed_url)
group by feed_url
order by feed_url"""


def sources_of(rows: list[dict[str, Any]]) -> list[Source]:
    """The feeds of rows of `sources_sql`."""
    return [_source(row) for row in rows]


def _source(row: Mapping[str, Any]) -> Source:
    whole_weeks = min(WEEKS, int(row["days_polled"] // 7) - 1)
    return Source(
        feed_url=row["feed"],
        outcome=row["outcome"],
        silence_h=row["silence_h"],
        usual_silence_h=row["usual_silence_h"],
        overdue_h=row["overdue_h"],
        news_polls=row["polls_with_news"],
        recent=int(row["last_7_days"]),
        weeks=tuple(int(row[f"week_{week}"]) for week in range(1, whole_weeks + 1)),
    )


def sites_sql(span: Span) -> str:
    """A row a site that has articles of live runs of both times: how many, and the medians of their words."""
    since = sql_instant(span.ago_us(TEXT_DAYS))
    return f"""\
select publisher_domain as site,
       count(*) filter (ingested_at >= {since}) as recent_articles,
       median(word_count) filter (ingested_at >= {since}) as recent_words,
       count(*) filter (ingested_at < {since}) as earlier_articles,
       median(word_count) filter (ingested_at < {since}) as earlier_words
from articles
where {span.is_of} and {OF_LIVE_RUNS}
  and coalesce(page_kind, 'article') = 'article' and relation is distinct from 'revision'
group by site
having recent_articles > 0 and earlier_articles > 0
order by site"""


def sites_of(rows: list[dict[str, Any]]) -> list[SiteTexts]:
    """The sites of rows of `sites_sql`."""
    return [SiteTexts(*row.values()) for row in rows]


def failures_sql(span: Span) -> str:
    """A row for each kind of failure and each day before the newest run (24 hours each) in which there were runs."""
    newest = sql_instant(span.until_us)
    return f"""\
with in_days as (
    select epoch_us({newest} - started_at) // {DAY_US} as days_ago, reasons from runs where {span.is_of} and {LIVE}
), kinds as (
    select distinct unnest(map_keys(reasons)) as kind from in_days
), counted as (
    select days_ago, one.key as kind, sum(one.value) as failures
    from (select days_ago, unnest(map_entries(reasons)) as one from in_days)
    group by all
)
select kind, days_ago, coalesce(failures, 0) as failures
from (select distinct days_ago from in_days) cross join kinds left join counted using (kind, days_ago)
order by kind, days_ago"""


def failure_days(tables: LakeTables) -> list[FailureDays]:
    """Each kind of failure, by day."""
    found = []
    for kind, rows in groupby(tables.query(failures_sql(tables.live)).rows, itemgetter(0)):
        by_day = {int(days_ago): int(failures) for _, days_ago, failures in rows}
        found.append(FailureDays(kind, by_day.pop(0, 0), tuple(by_day.values())))
    return found


def finished_us(tables: LakeTables) -> int:
    """When the newest live run ended."""
    sql = f"select epoch_us(finished_at) from runs where run_id = '{tables.live.newest}'"
    ((finished,),) = tables.query(sql).rows
    return int(finished)


def pending(tables: LakeTables) -> list[int]:
    """How many entries each live run of the last 7 days left for the next, the newest first."""
    since = sql_instant(tables.live.ago_us(_PENDING_DAYS))
    sql = f"""\
select coalesce(tables['pending'], 0)
from runs
where {tables.live.is_of} and started_at >= {since} and {LIVE}
order by run_id desc"""
    return [int(row[0]) for row in tables.query(sql).rows]


def plain_articles(tables: LakeTables) -> tuple[int, int]:
    """How many articles of the live runs of the last 24 hours were built plainly, and how many there are.

    Revisions that only note a withdrawal are left out: their text is that of the revision before.
    """
    sql = f"""\
select count(*) filter (body_source = 'page_plain'), count(*)
from articles
where {tables.live.is_of} and {OF_LIVE_RUNS}
  and ingested_at >= {sql_instant(tables.live.ago_us(1))} and withdrawn_at is null"""
    ((plain, articles),) = tables.query(sql).rows
    return int(plain), int(articles)
