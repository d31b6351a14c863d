import ts from 'typescript';
import { explainImport } from './explain-import.ts';
import { isTest, type Finding, type SourceFile } from './source-file.ts';

/** Every import and re-export, static or dynamic, seen against the order of rooms and features. */
export function checkImports(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => /\.tsx?$/.test(path))
    .flatMap((file) =>
      importsOf(file).flatMap(({ source, line }) => {
        const fault = explainImport(file.path, source);
        return fault ? [`${file.path}:${line} ${fault}`] : [];
      }),
    );
}

function importsOf({ text }: SourceFile): { source: string; line: number }[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    source: fileName,
    line: text.slice(0, pos).split('\n').length,
  }));
}

/** Relative imports name the file with its extension, so that Node runs the source as it is. */
export function checkExtensions(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => /\.tsx?$/.test(path) && !isTest(path))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ source }) => source.startsWith('.') && !/\.[a-z]+$/.test(source))
        .map(({ source, line }) => `${file.path}:${line} import ${source} without its extension`),
    );
}
