import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { finishTree } from './component-parts.ts';
import { tempDir } from './testing/temp-dir.ts';

/** A program that notes whom it would ask. */
function makeTree(answer: string): string {
  const dir = tempDir();
  mkdirSync(path.join(dir, 'bin'));
  const script = `#!/bin/sh\necho "$OLLAMA_HOST" > "$HOME/asked"\necho '${answer}'\n`;
  writeFileSync(path.join(dir, 'bin', 'ollama'), script);
  return dir;
}

describe('a component that was brought', () => {
  it('is refused when it says another version than the pinned one', async () => {
    const tree = makeTree('ollama version is 0.1.0');
    await expect(finishTree('ollama', '0.24.0', tree)).rejects.toThrow('0.24.0 is pinned');
  });

  it('DEP-07: is asked for its version without asking a server of somebody', async () => {
    const tree = makeTree('Warning: client version is 0.24.0');
    await finishTree('ollama', '0.24.0', tree);
    expect(readFileSync(path.join(tree, 'asked'), 'utf8')).toBe('127.0.0.1:9\n');
  });
});
