//! What every store must do. Each test runs on SQLite in a temporary directory and on a real Postgres.

#[path = "store/codes.rs"]
mod codes;
#[path = "store/leases.rs"]
mod leases;
#[path = "store/lookups.rs"]
mod lookups;
#[path = "store/record.rs"]
mod record;
#[path = "store/sitting.rs"]
mod sitting;
mod support;
#[path = "store/writers.rs"]
mod writers;

/// Each function of the suite as two tests.
macro_rules! on_every_store {
    ($($part:ident: $($name:ident),*;)*) => {
        mod on_sqlite {
            $(mod $part {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    crate::$part::$name(crate::support::place::Place::sqlite()).await
                })*
            })*
        }
        mod on_postgres {
            $(mod $part {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(place) = crate::support::place::Place::postgres().await {
                        crate::$part::$name(place).await
                    }
                })*
            })*
        }
    };
}

on_every_store! {
    record:
        a_new_council_begins_empty,
        entries_come_back_byte_for_byte,
        a_batch_of_256_lines_comes_back_in_pages,
        every_checkpoint_is_kept,
        a_batch_that_is_not_whole_is_refused,
        councils_do_not_touch_each_other,
        reopening_keeps_everything,
        the_record_cannot_be_rewritten_at_the_prompt,
        a_missing_entry_is_noticed,
        a_closed_store_is_unavailable,
        a_schema_from_the_future_is_refused;
    writers:
        a_moved_head_writes_nothing,
        a_stale_epoch_writes_nothing,
        of_concurrent_appends_exactly_one_wins,
        not_written_leaves_the_record_as_it_was,
        written_though_reported_failed_is_found_by_reading,
        someone_else_wrote_is_found_by_reading,
        a_held_append_loses_to_a_new_writer;
    leases:
        a_lease_is_taken_over_only_once_it_has_run_out,
        of_many_who_take_over_exactly_one_leads,
        renewing_keeps_what_nobody_has_taken,
        positions_tell_where_every_council_stands;
    codes:
        a_code_is_spent_exactly_once,
        a_code_runs_out_and_is_replaced_and_cancelled;
    lookups:
        a_sitting_can_be_looked_up,
        a_whole_day_can_be_looked_up,
        an_older_store_is_brought_up,
        every_kind_of_event_fits_its_tables,
        a_refused_batch_leaves_no_rows,
        many_votes_in_one_batch_leave_each_delegates_last,
        texts_with_quotes_and_nulls_stay_texts;
}
