//! Charts as inline SVG: drawn here in f64, printed with one decimal, so that the same figures give
//! the same bytes everywhere.
//!
//! In go figures of the report model and the [`Locale`](super::locale::Locale); out comes an `<svg>` whose colours, fonts
//! and dark mode are the page's style sheet's. The canonical width is 360 units, a phone's column,
//! with labels above their bars, so that a chart fits half a sheet of paper in any language. Every
//! chart has a `<title>` that says it in words, and its numbers stand in the row or table beside it.
//!
//! What a colour means is fixed: solid ink = actual, pale = earlier, dashes = plan, hatch =
//! forecast; green, amber and red = good, watch, act, never without their shape.

mod account;
mod axis;
mod bullet;
mod cash;
mod quarters;
mod register;
mod score;
mod shares;
mod spark;
mod svg;
mod tornado;
mod value_map;
mod waterfall;
mod whale;

pub use account::account_bar;
pub use bullet::{Bullet, bullet};
pub use cash::{CashFlow, cash};
pub use quarters::{Bar, quarters};
pub use score::{Score, score};
pub use shares::{ShareRow, class_colour, shares};
pub use spark::{Spark, spark};
pub use svg::text_width;
pub use tornado::{Tornado, tornado};
pub use value_map::{MapMark, ValueMapChart, value_map};
pub use waterfall::{Kind, Step, Waterfall, waterfall, waterfall_start};
pub use whale::{Whale, whale};

pub(super) use register::register;
