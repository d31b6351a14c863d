import path from 'node:path';
import type { Rule } from 'eslint';
import type { Node } from 'estree';
import { explainImport } from '../structure/explain-import.ts';

/** A room is entered only through its index.ts, and imports go down only (`floors.ts` has the order). */
export const roomBoundaries: Rule.RuleModule = {
  meta: { type: 'problem', schema: [], messages: { crossed: '{{fault}}' } },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const check = (node: Node, source: unknown): void => {
      if (typeof source !== 'string') return;
      const fault = explainImport(file, source);
      if (fault) context.report({ node, messageId: 'crossed', data: { fault } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportAllDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => check(node, node.source?.value),
      ImportExpression: (node) =>
        check(node, node.source.type === 'Literal' ? node.source.value : undefined),
    };
  },
};
