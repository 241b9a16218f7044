-- Fails on a crosswalk override that has expired, or that names a record no system has: renew it
-- or remove it in seeds/crosswalk_overrides.csv.
select message from {{ ref('int_crosswalk_override_faults') }}
