//! The Tera set-up that HTML pages and workbooks share.
//!
//! In go the templates of the workspace over the shipped ones, and a [`Locale`]; out comes a
//! [`Templates`] that renders any of them from a report model. Three promises are kept here and not
//! by whoever writes a template: text from data never becomes markup (everything is escaped, `safe`
//! is refused, control characters are dropped), a missing value or a raw number never slips onto a
//! page (it prints through a filter or is an error), and a template ends (in bounded time and size).
//!
//! [`check()`] renders every template against a full and an empty model in every language, with every
//! branch taken, so that a misspelt field is found where no quarter's data would have led.
//!
//! What a template can use is listed in `docs/templates.md`.

mod brand;
mod check;
mod faults;
mod filters;
mod functions;
mod limits;
mod page;
mod paths;
mod scan;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value as Json;
use tera::{Context, Tera};

use crate::diagnostics::codes::report::TEMPLATE_LIMIT;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source};
use crate::report::charts;
use crate::report::locale::Locale;
use crate::workspace::Files;

pub use check::check;
pub use page::{INDEX, Page, REPAIR_LIST, place};

use limits::{Bounded, LONGEST, MOST_BYTES};
use scan::Rewritten;

/// The folder templates are in, with its slash; their names are relative to it.
pub const FOLDER: &str = "report-templates/";

/// What ends the name of a workbook's template.
pub const WORKBOOK: &str = ".xlsx.xml";

/// A template as written and as Tera has it.
#[derive(Debug)]
struct Template {
    source: Arc<Source>,
    rewritten: Rewritten,
}

/// Whether templates are rendered for people or looked at.
#[derive(Clone)]
enum Mode {
    Rendering,
    /// What is not defined has been noted by a probe and prints as nothing, so that the rest of the
    /// template is looked at as well.
    Checking(Arc<check::Probes>),
}

/// The templates of a workspace, compiled for a language.
pub struct Templates {
    tera: Arc<Tera>,
    templates: BTreeMap<String, Template>,
    locale: Arc<Locale>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.templates.keys()).finish()
    }
}

impl Templates {
    /// Compiles every template.
    ///
    /// # Errors
    /// Every template that does not parse or names a filter, function or template that is not there.
    pub fn compile(files: &Files, locale: &Locale) -> Result<Self, Diagnostics> {
        let rewritten = sources(files)
            .map(|(name, source)| {
                let rewritten = scan::for_rendering(&source.text);
                (name, Template { source, rewritten })
            })
            .collect();
        Self::build(files, locale, rewritten, &Mode::Rendering)
    }

    fn build(
        files: &Files,
        locale: &Locale,
        templates: BTreeMap<String, Template>,
        mode: &Mode,
    ) -> Result<Self, Diagnostics> {
        let mut tera = Tera::new();
        // Every name ends in nothing: everything is escaped.
        tera.autoescape_on([""]);
        let locale = Arc::new(locale.clone());
        let mut known = filters::register(&mut tera, &locale, mode);
        known.extend(functions::register(&mut tera, files, &locale, mode));
        known.extend(charts::register(&mut tera, &locale));

        let all = templates
            .iter()
            .map(|(name, template)| (name.clone(), template.rewritten.text.clone()));
        if let Err(error) = tera.add_raw_templates(all) {
            // Alone, so that every template's own mistakes are found and not the first one's only.
            let mut problems = Diagnostics::new();
            for (name, template) in &templates {
                let mut alone = Tera::new();
                if let Err(error) = alone.add_raw_template(name, &template.rewritten.text) {
                    problems.extend(faults::syntax(&error, &templates));
                }
            }
            if problems.is_empty() {
                problems.extend(faults::references(&error, &templates, &known));
            }
            return Err(problems);
        }
        Ok(Self {
            tera: Arc::new(tera),
            templates,
            locale,
        })
    }

    /// The names of the templates that become a report each: those at the top of the folder.
    pub fn reports(&self) -> impl Iterator<Item = &str> {
        self.templates
            .keys()
            .map(String::as_str)
            .filter(|name| !name.contains('/'))
    }

    /// Those of them that every period has.
    pub fn of_period(&self) -> impl Iterator<Item = &str> {
        self.reports().filter(|name| page::is_of_period(name))
    }

    /// A template as written, for messages about it.
    pub fn source(&self, name: &str) -> Option<&Arc<Source>> {
        self.templates.get(name).map(|template| &template.source)
    }

    /// Renders a template by its name, such as `scorecard.html`, from a model: its fields are the
    /// template's variables, and `page` and `pages` say which page this is among which.
    ///
    /// # Errors
    /// What failed, at its line in the template.
    pub fn render(&self, name: &str, model: &impl Serialize) -> Result<String, Diagnostic> {
        let mut context = context(model);
        let pages = self.pages();
        context.insert("page", &Page::of(name, &self.locale));
        context.insert("pages", &pages);
        self.render_within(name, context, MOST_BYTES, LONGEST)
    }

    /// The pages of a period, in the order people read them.
    pub fn pages(&self) -> Vec<Page> {
        Page::all(self.reports(), &self.locale)
    }

    fn render_within(
        &self,
        name: &str,
        context: Context,
        most: usize,
        longest: Duration,
    ) -> Result<String, Diagnostic> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let (send, receive) = mpsc::channel();
        let tera = Arc::clone(&self.tera);
        let owned = name.to_owned();
        let writer = Bounded::new(most, Arc::clone(&cancelled));
        let spawned = std::thread::Builder::new()
            .name(format!("render {name}"))
            .stack_size(16 << 20)
            .spawn(move || {
                let mut writer = writer;
                let result = tera.render_to(&owned, &context, &mut writer);
                // Nobody listens after a time-out.
                let _ = send.send(result.map(|()| writer.into_text()));
            });
        let place = || match self.source(name) {
            Some(source) => Place::text(source, 0..0),
            None => Place::File(format!("{FOLDER}{name}")),
        };
        if let Err(error) = spawned {
            let message = format!("`{name}` cannot be rendered: {error}");
            return Err(Diagnostic::error(&TEMPLATE_LIMIT, message).at(place()));
        }
        match receive.recv_timeout(longest) {
            Ok(Ok(text)) => Ok(text),
            Ok(Err(error)) => Err(faults::rendering(&error, name, &self.templates)),
            Err(problem) => {
                // The thread ends at its next write; one that never writes ends with the program.
                cancelled.store(true, Ordering::Relaxed);
                let message = match problem {
                    RecvTimeoutError::Timeout => format!(
                        "`{name}` was not rendered after {} seconds",
                        longest.as_secs()
                    ),
                    RecvTimeoutError::Disconnected => format!("rendering `{name}` failed"),
                };
                Err(Diagnostic::error(&TEMPLATE_LIMIT, message).at(place()))
            }
        }
    }
}

/// The names of the filters and functions that are ours.
#[cfg(test)]
fn names() -> Vec<String> {
    const TERA: [&str; 11] = [
        "default",
        "length",
        "join",
        "upper",
        "lower",
        "replace",
        "first",
        "last",
        "range",
        "throw",
        scan::PRINT,
    ];
    let locale = Arc::new(crate::report::locale::tests::locale(
        crate::workspace::Language::En,
        "USD",
    ));
    let mut tera = Tera::new();
    let mut names = filters::register(&mut tera, &locale, &Mode::Rendering);
    names.extend(functions::register(
        &mut tera,
        &Files::built_in(),
        &locale,
        &Mode::Rendering,
    ));
    names.extend(charts::register(&mut tera, &locale));
    names.retain(|name| !TERA.contains(&name.as_str()));
    names
}

/// The templates among the files of a workspace, by name.
fn sources(files: &Files) -> impl Iterator<Item = (String, Arc<Source>)> {
    ["html", "xml", "svg"]
        .into_iter()
        .flat_map(|extension| files.under(FOLDER.trim_end_matches('/'), extension))
        .filter_map(|source| {
            let name = source.path.strip_prefix(FOLDER)?;
            Some((name.to_owned(), Arc::clone(source)))
        })
}

/// A model as templates see it: its fields by name, its texts without what no page or cell may hold.
///
/// NaN and infinities become null. `model` must serialise to a structure; every model here does.
pub fn context(model: &impl Serialize) -> Context {
    let mut context = Context::new();
    if let Ok(Json::Object(fields)) = serde_json::to_value(model) {
        for (name, mut value) in fields {
            sanitise(&mut value);
            context.insert(name, &value);
        }
    }
    context
}

/// Drops from every text what XML does not allow, and the invisible marks that reorder text.
fn sanitise(value: &mut Json) {
    match value {
        Json::String(text) if text.contains(unprintable) => text.retain(|c| !unprintable(c)),
        Json::Array(items) => items.iter_mut().for_each(sanitise),
        Json::Object(fields) => fields.iter_mut().for_each(|(_, field)| sanitise(field)),
        _ => {}
    }
}

fn unprintable(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        // Embeddings, overrides and isolates: they can make a name read as another.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    }
}

#[cfg(test)]
mod docs;
#[cfg(test)]
mod tests;
