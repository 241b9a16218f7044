-- Grain: one row: the last run of an origin that was published on what was known at a moment.
select
    status.run_id,
    sources.source_clock_at as known_at,
    status.reporting_currency
from read_parquet($source_files, filename = true) as sources
inner join read_parquet($status_files, filename = true) as status
    on parse_path(sources.filename)[-2] = parse_path(status.filename)[-2]
where
    sources.source_name = 'netsuite'
    and sources.source_clock_at <= $known_at
    and status.origin = $origin
order by sources.source_clock_at desc, status.run_id desc
limit 1
