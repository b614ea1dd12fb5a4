//! From rhai's syntax tree to ours.

use rhai::{
    ASTFlags, ASTNode, Expr, FnCallExpr, ImmutableString, Position, Stmt, SwitchCasesCollection,
};

use super::super::api::POPULATION_PROPERTIES;
use super::super::customer::FactColumn;
use super::super::script::Script;
use super::tree::{Fact, Node, Sum, Test, Tree};

/// How deep functions of a file are put in place of their calls.
const DEPTH: usize = 8;
/// How large a tree may grow; a page of rules comes to a few hundred.
const NODES: usize = 20_000;

/// The tree of a rule file for facts of these columns.
pub(in super::super) fn lower(script: &Script, schema: &[FactColumn]) -> Tree {
    let mut lowering = Lowering {
        schema,
        own: own_functions(script),
        names: Vec::new(),
        depth: 0,
        nodes: 0,
        tree: Tree {
            body: Vec::new(),
            slots: 0,
            constants: Vec::new(),
            kept: 0,
            sites: Vec::new(),
            switches: Vec::new(),
        },
    };
    let position = |entry| lowering.own.iter().position(|f| f.is(entry, 2));
    let found = script.about.entry().and_then(position);
    lowering.tree.body = match found {
        Some(at) => {
            let parameters = &lowering.own[at].parameters;
            lowering.names = vec![
                (parameters[0].clone(), Binding::Customer),
                (parameters[1].clone(), Binding::All),
            ];
            let body = lowering.own[at].body.clone();
            lowering.statements(&body)
        }
        None => vec![Node::HandBack],
    };
    lowering.tree
}

/// A function of the file.
struct Function {
    name: ImmutableString,
    parameters: Vec<ImmutableString>,
    body: Vec<Stmt>,
}

impl Function {
    fn is(&self, name: &str, arguments: usize) -> bool {
        self.name == name && self.parameters.len() == arguments
    }
}

/// The functions of a file with their statements, which rhai gives out in a walk only.
fn own_functions(script: &Script) -> Vec<Function> {
    let mut spans = Vec::new();
    let mut own = Vec::new();
    for function in script.ast.iter_fn_def() {
        spans.push((function.body.start_position(), function.body.end_position()));
        own.push(Function {
            name: function.name.clone(),
            parameters: function.params.to_vec(),
            body: Vec::new(),
        });
    }
    script.ast.walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(statement)] = path {
            let at = statement.position();
            let within = spans.iter().position(|span| span.0 <= at && at <= span.1);
            if let Some(function) = within {
                own[function].body.push((*statement).clone());
            }
        }
        true
    });
    own
}

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Binding {
    Customer,
    All,
    /// A variable, and whether it can be changed.
    Slot(usize, bool),
}

/// An argument of a call: still to be lowered, or what stood before the dot.
pub(super) enum Argument<'e> {
    Written(&'e Expr),
    Lowered(Node),
    Customer,
}

pub(super) struct Lowering<'a> {
    schema: &'a [FactColumn],
    own: Vec<Function>,
    /// The names in scope, the innermost last.
    names: Vec<(ImmutableString, Binding)>,
    depth: usize,
    nodes: usize,
    pub(super) tree: Tree,
}

impl Lowering<'_> {
    fn statements(&mut self, statements: &[Stmt]) -> Vec<Node> {
        let outside = self.names.len();
        let nodes = statements.iter().map(|s| self.statement(s)).collect();
        self.names.truncate(outside);
        nodes
    }

    fn statement(&mut self, statement: &Stmt) -> Node {
        match statement {
            Stmt::Noop(_) => Node::Nothing,
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Block(block) => Node::Block(self.statements(block.statements())),
            Stmt::If(flow, _) => Node::If(Box::new((
                self.expression(&flow.expr),
                self.statements(flow.body.statements()),
                self.statements(flow.branch.statements()),
            ))),
            Stmt::Switch(switch, position) => self.switch(&switch.0, &switch.1, *position),
            Stmt::Var(variable, flags, _) => {
                let value = self.expression(&variable.1);
                let slot = self.slot();
                let changes = !flags.intersects(ASTFlags::CONSTANT);
                let name = variable.0.name.clone();
                self.names.push((name, Binding::Slot(slot, changes)));
                Node::Let(slot, Box::new(value))
            }
            // `x += 1` is looked up by another name than `x + 1`.
            Stmt::Assignment(assignment) if !assignment.0.is_op_assignment() => {
                let value = self.expression(&assignment.1.rhs);
                match self.binding(&assignment.1.lhs) {
                    Some(Binding::Slot(slot, true)) => Node::Let(slot, Box::new(value)),
                    _ => Node::HandBack,
                }
            }
            Stmt::Return(value, flags, _) if !flags.intersects(ASTFlags::BREAK) => {
                let value = value.as_ref().map(|value| self.expression(value));
                Node::Return(Box::new(value.unwrap_or(Node::Nothing)))
            }
            _ => Node::HandBack,
        }
    }

    fn slot(&mut self) -> usize {
        self.tree.slots += 1;
        self.tree.slots - 1
    }

    pub(super) fn expression(&mut self, expression: &Expr) -> Node {
        self.nodes += 1;
        if self.nodes > NODES {
            return Node::HandBack;
        }
        let node = self.lowered(expression);
        if node.is_common() && !matches!(node, Node::Kept(..)) {
            self.tree.kept += 1;
            return Node::Kept(self.tree.kept - 1, Box::new(node));
        }
        node
    }

    fn lowered(&mut self, expression: &Expr) -> Node {
        match expression {
            Expr::Unit(_) => Node::Nothing,
            Expr::BoolConstant(x, _) => Node::Flag(*x),
            Expr::IntegerConstant(x, _) => Node::Whole(*x),
            Expr::FloatConstant(x, _) => Node::Number(**x),
            Expr::StringConstant(text, _) => Node::Text(text.clone()),
            Expr::Array(items, _) => {
                Node::List(items.iter().map(|item| self.expression(item)).collect())
            }
            Expr::Stmt(block) => Node::Block(self.statements(block.statements())),
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::And(parts, _) => Node::And(parts.iter().map(|p| self.expression(p)).collect()),
            Expr::Or(parts, _) => Node::Or(parts.iter().map(|p| self.expression(p)).collect()),
            Expr::Dot(chain, flags, _) if !flags.intersects(ASTFlags::NEGATED) => {
                let receiver = self.receiver(&chain.lhs);
                self.chain(receiver, &chain.rhs)
            }
            Expr::Index(chain, flags, _) if !flags.intersects(ASTFlags::NEGATED) => {
                let receiver = self.receiver(&chain.lhs);
                match &chain.rhs {
                    Expr::StringConstant(name, _) => self.property(receiver, name),
                    _ => Node::HandBack,
                }
            }
            Expr::Variable(variable, ..) if !variable.2.is_empty() => {
                if variable.2.to_string() == "global" {
                    Node::Constant(self.constant(&variable.1))
                } else {
                    Node::HandBack
                }
            }
            Expr::Variable(..) => match self.binding(expression) {
                Some(Binding::Slot(slot, _)) => Node::Slot(slot),
                Some(Binding::All) => Node::All,
                Some(Binding::Customer) | None => Node::HandBack,
            },
            _ => Node::HandBack,
        }
    }

    fn constant(&mut self, name: &ImmutableString) -> usize {
        let constants = &mut self.tree.constants;
        constants
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                constants.push(name.clone());
                constants.len() - 1
            })
    }

    pub(super) fn binding(&self, expression: &Expr) -> Option<Binding> {
        let Expr::Variable(variable, ..) = expression else {
            return None;
        };
        if !variable.2.is_empty() {
            return None;
        }
        let mut names = self.names.iter().rev();
        names
            .find(|(name, _)| *name == variable.1)
            .map(|(_, binding)| *binding)
    }

    fn receiver<'e>(&mut self, expression: &'e Expr) -> Argument<'e> {
        match self.binding(expression) {
            Some(Binding::Customer) => Argument::Customer,
            _ => Argument::Written(expression),
        }
    }

    /// What follows a dot: a property, a method, or one of these with more to follow.
    fn chain(&mut self, receiver: Argument<'_>, rest: &Expr) -> Node {
        match rest {
            Expr::Property(property, _) => self.property(receiver, &property.2),
            Expr::MethodCall(call, position) => {
                // A function of the file would be called with `this`.
                let own = self.own.iter().any(|function| function.name == call.name);
                if own || !call.namespace.is_empty() {
                    return Node::HandBack;
                }
                let mut arguments = vec![receiver];
                arguments.extend(call.args.iter().map(Argument::Written));
                self.function(&call.name, arguments, *position)
            }
            Expr::Dot(chain, flags, _) if flags.is_empty() => {
                let first = self.chain(receiver, &chain.lhs);
                self.chain(Argument::Lowered(first), &chain.rhs)
            }
            _ => Node::HandBack,
        }
    }

    fn property(&mut self, receiver: Argument<'_>, name: &str) -> Node {
        if self.is_customer(&receiver) {
            return self.fact(name).map_or(Node::HandBack, Node::Fact);
        }
        let of = Box::new(self.argument(receiver));
        match (name, self.figure_column(name)) {
            ("value_band", _) => Node::Band(of),
            ("count", _) => Node::Members(of),
            (name, _) if POPULATION_PROPERTIES.contains(&name) => Node::HandBack,
            (_, Some(column)) => Node::Figures(of, column),
            (_, None) => Node::HandBack,
        }
    }

    pub(super) fn fact(&self, name: &str) -> Option<Fact> {
        match name {
            "segment" => Some(Fact::Segment),
            "strength" => Some(Fact::Strength),
            "attractiveness" => Some(Fact::Attractiveness),
            _ => {
                let column = self.schema.iter().position(|fact| fact.name == name)?;
                Some(Fact::Column(column))
            }
        }
    }

    pub(super) fn figure_column(&self, name: &str) -> Option<usize> {
        let fact = |fact: &FactColumn| fact.name == name && fact.kind.is_figure();
        self.schema.iter().position(fact)
    }

    fn switch(&mut self, on: &Expr, cases: &SwitchCasesCollection, position: Position) -> Node {
        let unguarded = |case: &rhai::BinaryExpr| matches!(case.lhs, Expr::BoolConstant(true, _));
        if !cases.expressions.iter().all(unguarded) {
            return Node::HandBack;
        }
        let on = self.expression(on);
        let nodes = cases
            .expressions
            .iter()
            .map(|case| self.expression(&case.rhs))
            .collect();
        // rhai keeps no labels, only what they hash to; so it is asked which case a value takes.
        let mut numbered = cases.clone();
        for (number, case) in (0..).zip(numbered.expressions.iter_mut()) {
            case.rhs = Expr::IntegerConstant(number, Position::NONE);
        }
        let question = Stmt::Switch(Box::new((Expr::Unit(position), numbered)), position);
        self.tree.switches.push(question);
        Node::Switch(Box::new(on), self.tree.switches.len() - 1, nodes)
    }

    fn call(&mut self, call: &FnCallExpr, position: Position) -> Node {
        if !call.namespace.is_empty() || call.capture_parent_scope {
            return Node::HandBack;
        }
        if call.is_operator_call() {
            return self.operator(call);
        }
        let own = self
            .own
            .iter()
            .position(|f| f.is(&call.name, call.args.len()));
        match own {
            Some(function) => self.own_function(function, call),
            None => {
                let arguments = call.args.iter().map(Argument::Written).collect();
                self.function(&call.name, arguments, position)
            }
        }
    }

    fn operator(&mut self, call: &FnCallExpr) -> Node {
        match call.args.as_slice() {
            [x] => {
                let x = Box::new(self.expression(x));
                match call.name.as_str() {
                    "!" => Node::Not(x),
                    "-" => Node::Minus(x),
                    _ => Node::HandBack,
                }
            }
            [a, b] => {
                let both = Box::new((self.expression(a), self.expression(b)));
                if let Some(test) = Test::named(&call.name) {
                    Node::Test(test, both)
                } else if let Some(sum) = Sum::named(&call.name) {
                    Node::Sum(sum, both)
                } else {
                    Node::HandBack
                }
            }
            _ => Node::HandBack,
        }
    }

    /// A function of the file in the place of its call.
    fn own_function(&mut self, function: usize, call: &FnCallExpr) -> Node {
        if self.depth == DEPTH {
            return Node::HandBack;
        }
        let mut names = Vec::new();
        let mut set = Vec::new();
        for (at, argument) in call.args.iter().enumerate() {
            let binding = match self.binding(argument) {
                Some(Binding::Customer) => Binding::Customer,
                Some(Binding::All) => Binding::All,
                _ => {
                    let value = self.expression(argument);
                    let slot = self.slot();
                    set.push((slot, value));
                    Binding::Slot(slot, true)
                }
            };
            names.push((self.own[function].parameters[at].clone(), binding));
        }
        // A function sees its parameters and nothing of its caller.
        let outside = std::mem::replace(&mut self.names, names);
        let body = self.own[function].body.clone();
        self.depth += 1;
        let body = self.statements(&body);
        self.depth -= 1;
        self.names = outside;
        Node::Call(set, body)
    }

    pub(super) fn is_customer(&self, argument: &Argument<'_>) -> bool {
        match argument {
            Argument::Customer => true,
            Argument::Written(expression) => {
                matches!(self.binding(expression), Some(Binding::Customer))
            }
            Argument::Lowered(_) => false,
        }
    }

    pub(super) fn argument(&mut self, argument: Argument<'_>) -> Node {
        match argument {
            Argument::Written(expression) => self.expression(expression),
            Argument::Lowered(node) => node,
            Argument::Customer => Node::HandBack,
        }
    }
}
