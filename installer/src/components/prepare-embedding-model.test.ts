import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { prepareEmbeddingModel } from './prepare-embedding-model.ts';
import { makeZip } from './testing/make-zip.ts';
import { tempDir } from './testing/temp-dir.ts';

function packageOf(modules: unknown): string {
  const dir = tempDir();
  const model = makeZip([
    { name: '1_Pooling/', text: '' },
    { name: '1_Pooling/config.json', text: '{"pooling_mode_mean_tokens":true}' },
    { name: 'config.json', text: '{"hidden_size":384}' },
    { name: 'modules.json', text: JSON.stringify(modules) },
  ]);
  writeFileSync(path.join(dir, 'model.zip'), model);
  writeFileSync(path.join(dir, '__init__.py'), '');
  return dir;
}

describe('prepareEmbeddingModel', () => {
  it('refuses a package without a pooling module', async () => {
    const dir = packageOf([{ type: 'sentence_transformers.models.Transformer', path: '' }]);
    await expect(prepareEmbeddingModel(dir)).rejects.toThrow('no pooling module');
  });

  it('leaves a flat folder whose settings carry the pooling', async () => {
    const dir = packageOf([{ type: 'sentence_transformers.models.Pooling', path: '1_Pooling' }]);
    await prepareEmbeddingModel(dir);
    expect(readdirSync(dir).sort()).toEqual(['Modelfile', 'config.json', 'modules.json']);
    const read = (file: string): unknown => JSON.parse(readFileSync(path.join(dir, file), 'utf8'));
    expect(read('config.json')).toEqual({ hidden_size: 384, pooling_mode_mean_tokens: true });
    expect(read('modules.json')).toMatchObject([{ path: '.' }]);
  });
});
