import type { Rule } from 'eslint';

/**
 * SEC-02: the environment is read in one place for each program, where it is validated. This rule
 * is on everywhere; eslint.config.js switches it off for exactly those readers.
 */
export const noEnvironmentReads: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      read: "Environment read outside the program's one reader. Take the value from its config object.",
    },
  },
  create(context) {
    return {
      MemberExpression(node) {
        if (node.object.type !== 'Identifier' || node.object.name !== 'process') return;
        const { property } = node;
        const name = property.type === 'Identifier' ? property.name : undefined;
        const key = property.type === 'Literal' ? property.value : undefined;
        if ((!node.computed && name === 'env') || key === 'env') {
          context.report({ node, messageId: 'read' });
        }
      },
      'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]'(
        node: Rule.Node,
      ) {
        context.report({ node, messageId: 'read' });
      },
      'ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name="env"]'(
        node: Rule.Node,
      ) {
        context.report({ node, messageId: 'read' });
      },
    };
  },
};
