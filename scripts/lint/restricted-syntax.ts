/** Constructs that are never right here, for ESLint's `no-restricted-syntax`. */
export const restrictedSyntax = [
  {
    selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
    message: 'Raw HTML in the dashboard. Render text or a sanitised tree of elements.',
  },
  {
    selector: 'Property[key.name="dangerouslySetInnerHTML"]',
    message: 'Raw HTML in the dashboard. Render text or a sanitised tree of elements.',
  },
  {
    selector: 'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
    message: 'Raw HTML in the dashboard. Use textContent.',
  },
  {
    selector: 'JSXAttribute[name.name="style"]',
    message: 'An inline style is refused by the content security policy. Use a class.',
  },
  {
    selector: 'Property[key.name="shell"]:not([value.value=false])',
    message: 'AGT-08: no shell. Pass the program and its arguments as separate elements to spawn.',
  },
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Named exports only, so that a name is the same everywhere.',
  },
  {
    selector: 'ImportExpression[source.value=/^(node:)?child_process$/]',
    message: 'Import child_process statically, so that the ban on shells can be checked.',
  },
];

/** Options of `no-restricted-imports`: what runs a shell or evaluates code. */
export const restrictedImports = {
  paths: ['child_process', 'node:child_process']
    .map((name) => ({
      name,
      importNames: ['exec', 'execSync', 'default'],
      message: 'AGT-08: no shell. Use spawn or execFile with separate arguments.',
    }))
    .concat(
      ['vm', 'node:vm'].map((name) => ({
        name,
        importNames: ['runInThisContext', 'runInNewContext', 'runInContext', 'Script', 'default'],
        message: 'No evaluation of code.',
      })),
    ),
};
