//! quarterdeck turns a folder of spreadsheets into the reports a business steers by.
//!
//! Data flows one way, and each module sees only those above it in this list:
//!
//! | module | in | out |
//! |---|---|---|
//! | [`diagnostics`] | | one type for everything a user can get wrong |
//! | [`calendar`] | | fiscal quarters and windows |
//! | [`message`] | | texts by key |
//! | [`workspace`] | a folder | validated settings, rules and templates |
//! | [`tables`] | | the canonical tables, declared once |
//! | [`intake`] | spreadsheets | Arrow tables with the origin of every row |
//! | [`engine`] | tables, SQL | facts per customer and period, measures per period |
//! | [`identity`] | tables | the same with one id per customer, and who may be whom |
//! | [`metrics`] | facts | what SQL cannot say well: RFM cut points, activity window |
//! | [`rules`] | facts, rhai | segment, scores, actions and reasons per customer |
//! | [`scorecard`] | measures | KPIs, scores, roll-up, status |
//! | [`roi`] | `roi.toml`, measures | cash flows, NPV, payback, ROI |
//! | [`report`] | all of it | the report model, HTML, workbooks |
//! | [`template`] | tables, KPIs, words | workbooks to fill in |
//! | [`run`] | a workspace | the pipeline, published all or nothing |
//! | [`cli`] | arguments | one verb per file |

pub mod calendar;
pub mod cli;
pub mod diagnostics;
pub mod engine;
pub mod identity;
pub mod intake;
#[cfg(test)]
mod layering;
pub mod message;
pub mod metrics;
pub mod report;
pub mod roi;
pub mod rules;
pub mod run;
pub mod scorecard;
pub mod tables;
pub mod template;
pub mod workspace;
