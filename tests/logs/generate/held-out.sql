create table a (id int primary key, n int check (n >= 0) default 0);
create table errors (id serial primary key, error text not null, fatal boolean default false);
create table child (a int references a);
insert into a values (1), (2);
insert into errors (error) select 'error ' || g from generate_series(1, 30000) g;
insert into a values (2, 5);
update a set n = -1 where id = 1;
insert into child values (77);
select error from errors where error = 'FATAL: disk full' limit 1;
select * from errors order by error, id desc;
select no_such_function(1);
select nothing from a;
select '2026-13-45'::date;
select 'x'::int;
insert into errors (error) values (null);
select
  error
from
  errorz;
drop table nowhere;
do $$ begin raise notice 'ERROR handling enabled'; end $$;
do $$ begin raise log 'job finished: 0 errors, 0 failures'; end $$;
do $$ begin raise log 'failed_jobs=0 error=0'; end $$;
do $$ begin raise warning 'falling back after error in cache'; end $$;
do $$ begin raise exception 'payment %: declined', 4711 using detail = 'limit reached', hint = 'try another card'; end $$;
create function fail(n int) returns int language plpgsql as $$ begin return 1 / n; end $$;
select fail(0);
begin; select 1/0; select 1; rollback;
create index concurrently errors_error on errors (error);
vacuum analyze errors;
checkpoint;
lock table a;
copy a from '/nowhere/at/all';
select pg_sleep(0.25) as error;
select repeat('x', 1 << 30) || repeat('x', 1 << 30);
set role nobody;
