import type { Rule, Scope } from 'eslint';
import type { CallExpression, Expression, Node } from 'estree';

/** Methods that take SQL as their first argument. */
const SQL_METHODS = new Set([
  'query',
  'queryOne',
  'queryRows',
  'execute',
  'simpleQuery',
  'prepare',
]);

/** The only functions whose result may stand inside SQL text: they refuse all but allowlisted names. */
const IDENTIFIER_FUNCTIONS = new Set(['tenantName']);

const SQL_STARTS = [
  /^\s*(?:select|with)\s/i,
  /^\s*(?:insert|merge)\s+into\s/i,
  /^\s*delete\s+from\s/i,
  /^\s*update\s+\S+\s+set\s/i,
  /^\s*(?:create|alter|drop)\s+(?:table|schema|role|user|index|function|policy|database|view|or)\b/i,
  /^\s*(?:grant|revoke)\s+\S+\s+on\s/i,
  /^\s*set\s+(?:local|session|role)\s/i,
  /^\s*(?:begin\s*;|truncate\s|listen\s|notify\s|copy\s+\S+\s+from\s)/i,
];

/**
 * INP-01: SQL is a constant text with parameters. A text with a value built into it is refused,
 * whether it is passed to a query method or only looks like SQL.
 */
export const noStringBuiltSql: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      built:
        'SQL built from strings. Pass values as parameters ($1, $2); put a name in only through {{functions}}.',
      opaque:
        'The SQL passed here is not a constant of this file. Write the statement where it runs, with parameters.',
    },
  },
  create(context) {
    const data = { functions: [...IDENTIFIER_FUNCTIONS].join(' or ') };
    const reported = new Set<Node>();
    const reportBuilt = (node: Node): void => {
      if (reported.has(node)) return;
      reported.add(node);
      context.report({ node, messageId: 'built', data });
    };
    const checkLooks = (node: Expression): void => {
      if (!startsAsSql(node)) return;
      if (!isConstant(node, context.sourceCode.getScope(node))) reportBuilt(node);
    };
    return {
      CallExpression(node) {
        const text = sqlArgument(node);
        if (!text) return;
        const verdict = judge(text, context.sourceCode.getScope(node));
        if (verdict === 'built') reportBuilt(text);
        if (verdict === 'opaque') context.report({ node: text, messageId: 'opaque' });
      },
      TemplateLiteral: checkLooks,
      BinaryExpression(node) {
        // Only the whole sum is reported, not each sum inside it.
        if (node.operator === '+' && node.parent.type !== 'BinaryExpression') checkLooks(node);
      },
    };
  },
};

type Verdict = 'constant' | 'built' | 'opaque';

function sqlArgument(call: CallExpression): Expression | undefined {
  const { callee } = call;
  const name =
    callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
      ? callee.property.name
      : callee.type === 'Identifier'
        ? callee.name
        : '';
  const [first] = call.arguments;
  if (!SQL_METHODS.has(name) || !first || first.type === 'SpreadElement') return undefined;
  if (first.type !== 'ObjectExpression') return first;
  for (const property of first.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') continue;
    if (property.key.name === 'text') return property.value as Expression;
  }
  return undefined;
}

function judge(text: Expression, scope: Scope.Scope): Verdict {
  if (text.type !== 'Identifier') return verdictOf(text, scope);
  const binding = resolve(scope, text.name);
  // A constant of another file is judged where it is written.
  if (binding === 'imported') return 'constant';
  return binding ? verdictOf(binding, scope) : 'opaque';
}

function verdictOf(node: Expression, scope: Scope.Scope): Verdict {
  const isText = ['Literal', 'TemplateLiteral', 'BinaryExpression'].includes(node.type);
  if (!isText) return 'opaque';
  return isConstant(node, scope) ? 'constant' : 'built';
}

/** What a name was bound to by `const`; nothing for a parameter or for what can change. */
function resolve(scope: Scope.Scope, name: string): Expression | 'imported' | undefined {
  for (let at: Scope.Scope | null = scope; at; at = at.upper) {
    const definition = at.set.get(name)?.defs[0];
    if (!definition) continue;
    if (definition.type === 'ImportBinding') return 'imported';
    if (definition.type !== 'Variable' || definition.parent.kind !== 'const') return undefined;
    const declared = definition.node;
    return declared.id.type === 'Identifier' ? (declared.init ?? undefined) : undefined;
  }
  return undefined;
}

function isConstant(node: Node, scope: Scope.Scope): boolean {
  if (node.type === 'Literal') return true;
  if (node.type === 'TemplateLiteral') return node.expressions.every((e) => isConstant(e, scope));
  if (node.type === 'BinaryExpression') {
    return isConstant(node.left, scope) && isConstant(node.right, scope);
  }
  if (node.type === 'Identifier') {
    const bound = resolve(scope, node.name);
    return bound !== undefined && bound !== 'imported' && isConstant(bound, scope);
  }
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    IDENTIFIER_FUNCTIONS.has(node.callee.name)
  );
}

function startsAsSql(node: Node): boolean {
  if (node.type === 'BinaryExpression') return startsAsSql(node.left);
  const text =
    node.type === 'TemplateLiteral'
      ? node.quasis.map(({ value }) => value.cooked).join('value')
      : node.type === 'Literal' && node.value;
  return typeof text === 'string' && SQL_STARTS.some((pattern) => pattern.test(text));
}
