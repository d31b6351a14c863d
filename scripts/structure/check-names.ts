import { isGenerated, type Finding } from './source-file.ts';

const FORBIDDEN = /^(utils?|helpers?|managers?|services?|misc|common|shared)$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/;
const PASCAL = /^[A-Z][A-Za-z0-9]*(\.[a-z0-9-]+)*\.(tsx|css)$/;

/** Folders whose file names are spoken for by somebody else: tools and old custom. */
const ROOT_CUSTOM = /^([A-Z]+\.md|LICENSE|\.[a-z.]+)$/;

/** Kebab-case everywhere, PascalCase for components, and no drawer for what has no name. */
export function checkNames(paths: readonly string[]): Finding[] {
  return paths
    .filter((path) => !isGenerated(path))
    .flatMap((path) => {
      const parts = path.split('/');
      const file = parts.at(-1) ?? '';
      const folders = parts.slice(0, -1);
      const drawer = [...folders, file.split('.')[0] ?? ''].find((name) => FORBIDDEN.test(name));
      if (drawer) return [`${path} "${drawer}" names nothing: name the file for what it does`];
      const crooked = folders.find((name) => !KEBAB.test(name.replace(/^\./, '')));
      if (crooked) return [`${path} the folder ${crooked} is not in kebab-case`];
      const fine = KEBAB.test(file) || isComponent(path, file) || isCustom(parts, file);
      return fine ? [] : [`${path} is not in kebab-case`];
    });
}

const isComponent = (path: string, file: string): boolean =>
  path.startsWith('web/') && PASCAL.test(file);

const isCustom = (parts: readonly string[], file: string): boolean =>
  (parts.length === 1 && ROOT_CUSTOM.test(file)) ||
  file === 'README.md' ||
  /^\.(env\.example|gitkeep|gitignore|helmignore|dockerignore)$/.test(file) ||
  /^(Dockerfile|Chart\.yaml|NOTES\.txt|_[a-z]+\.tpl)$/.test(file);
