//! The rule files, compiled: what must be in them and what parse errors mean.

use std::sync::Arc;

use rhai::{AST, Engine, ParseError, ParseErrorType, Position, Scope};

use super::evaluate::POPULATION;
use super::limits;
use crate::diagnostics::codes::rules::{MISSING_RULE, RULE_SYNTAX};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Source, nearest, suggestion};

/// One of the four files that every customer goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Segment,
    Score,
    Actions,
    Profile,
}

impl Stage {
    pub(super) const ALL: [Self; 4] = [Self::Segment, Self::Score, Self::Actions, Self::Profile];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Segment => "rules/segmentation.rhai",
            Self::Score => "rules/scoring.rhai",
            Self::Actions => "rules/actions.rhai",
            Self::Profile => "rules/profiles.rhai",
        }
    }

    /// The function it is called by.
    pub(super) fn entry(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Score => "score",
            Self::Actions => "actions",
            Self::Profile => "profile",
        }
    }

    /// The facts that the stages before have established.
    pub(super) fn established(self) -> &'static [&'static str] {
        match self {
            Self::Segment => &[],
            Self::Score => &["segment"],
            Self::Actions | Self::Profile => &["segment", "strength", "attractiveness"],
        }
    }
}

/// Whom a file judges, and so what its functions are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// A customer, given with the population to the stage's entry point.
    Customer(Stage),
    /// A KPI, given alone to whichever function the scorecard names.
    Kpi,
}

impl About {
    /// The function it is called by, where that does not depend on who calls.
    pub(super) fn entry(self) -> Option<&'static str> {
        match self {
            Self::Customer(stage) => Some(stage.entry()),
            Self::Kpi => None,
        }
    }

    /// The facts that the stages before have established.
    pub(super) fn established(self) -> &'static [&'static str] {
        match self {
            Self::Customer(stage) => stage.established(),
            Self::Kpi => &[],
        }
    }
}

/// A compiled file.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) about: About,
    pub(super) source: Arc<Source>,
    pub(super) ast: AST,
}

/// The place of a position in a file; the whole file where rhai knows none.
pub(super) fn place(source: &Arc<Source>, position: Position) -> Place {
    match (position.line(), position.position()) {
        (Some(line), column) => Place::line(source, line, column.unwrap_or(1)),
        (None, _) => Place::File(source.path.clone()),
    }
}

impl Script {
    /// Compiles a file and finds its entry point, where it is to have one.
    pub(super) fn compile(
        engine: &Engine,
        about: About,
        source: &Arc<Source>,
        facts: &[&str],
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let mut scope = Scope::new();
        if about != About::Kpi {
            scope.push(POPULATION, ());
        }
        let ast = match engine.compile_with_scope(&scope, &source.text) {
            Ok(ast) => ast,
            Err(error) => {
                problems.push(syntax(source, &error, facts));
                return None;
            }
        };
        let script = Self {
            about,
            source: Arc::clone(source),
            ast,
        };
        match about {
            About::Customer(stage) => script.with_entry(stage, problems),
            About::Kpi => Some(script),
        }
    }

    /// The script, if it has the function that its stage is called by.
    fn with_entry(self, stage: Stage, problems: &mut Diagnostics) -> Option<Self> {
        let (name, ast, source) = (stage.entry(), &self.ast, &self.source);
        let entries: Vec<_> = ast.iter_fn_def().filter(|f| f.name == name).collect();
        if entries.iter().any(|f| f.params.len() == 2) {
            return Some(self);
        }
        let diagnostic = match entries.first() {
            Some(entry) => {
                let message = format!(
                    "`{name}` is called with the customer and the population, and takes {}",
                    entry.params.len()
                );
                Diagnostic::error(&MISSING_RULE, message)
                    .at(place(source, entry.body.start_position()))
                    .help(format!("write `fn {name}(c, all)`"))
            }
            None => {
                let names = ast.iter_fn_def().map(|f| f.name.as_str());
                let help = nearest(name, names).map(|near| format!("rename `{near}` to `{name}`"));
                let message = format!("there is no `fn {name}(c, all)` in it");
                Diagnostic::error(&MISSING_RULE, message)
                    .at(Place::File(source.path.clone()))
                    .maybe_help(help)
            }
        };
        problems.push(diagnostic);
        None
    }

    /// Where a function starts, for failures whose line is not known.
    pub(super) fn function_place(&self, name: &str, parameters: usize) -> Place {
        let mut functions = self.ast.iter_fn_def();
        let function = functions.find(|f| f.name == name && f.params.len() == parameters);
        match function {
            Some(function) => place(&self.source, function.body.start_position()),
            None => Place::File(self.source.path.clone()),
        }
    }

    /// The text of a line, without the white space around it.
    pub(super) fn line(&self, line: usize) -> &str {
        let mut lines = self.source.text.lines();
        lines.nth(line.saturating_sub(1)).unwrap_or("").trim()
    }
}

/// A parse error in plain words.
fn syntax(source: &Arc<Source>, error: &ParseError, facts: &[&str]) -> Diagnostic {
    let disabled = |word: &str| limits::DISABLED.contains(&word);
    let text = error.err_type().to_string();
    let (message, help) = match error.err_type() {
        ParseErrorType::VariableUndefined(name) if facts.contains(&name.as_str()) => (
            format!("`{name}` is not a variable"),
            Some(format!("a fact is read from the customer: `c.{name}`")),
        ),
        ParseErrorType::VariableUndefined(name) => (
            format!("`{name}` is not set anywhere before this line"),
            suggestion(name, facts.iter().copied()).filter(|help| help.starts_with("did")),
        ),
        ParseErrorType::UnexpectedEOF => (
            "the file ends in the middle of something".to_owned(),
            Some("look for a bracket that is never closed".to_owned()),
        ),
        _ => match text.split('\'').nth(1).filter(|word| disabled(word)) {
            Some(word) => (
                format!("`{word}` is not available in rules"),
                Some(
                    "a rule sees its customer and the population, and answers; nothing else"
                        .to_owned(),
                ),
            ),
            None => (format!("this is not valid rhai: {text}"), None),
        },
    };
    Diagnostic::error(&RULE_SYNTAX, message)
        .at(place(source, error.position()))
        .maybe_help(help)
}
