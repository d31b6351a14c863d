import { plainEnv } from '../host/run-program.ts';

/**
 * Ollama on loopback, with its models in the instance's data, both models kept in memory, and
 * nothing that calls out: no cloud, no pruning of models that another instance may share. Most
 * of what its Go programs let go of, prompts among it, is overwritten when garbage is collected.
 */
export function ollamaEnv(options: { port: number; modelsDir: string; parallel: number }) {
  return {
    ...plainEnv,
    HOME: options.modelsDir,
    OLLAMA_HOST: `127.0.0.1:${options.port}`,
    OLLAMA_MODELS: options.modelsDir,
    OLLAMA_KEEP_ALIVE: '24h',
    OLLAMA_NUM_PARALLEL: String(options.parallel),
    OLLAMA_MAX_LOADED_MODELS: '2',
    OLLAMA_MAX_QUEUE: '256',
    OLLAMA_NOPRUNE: '1',
    OLLAMA_NO_CLOUD: '1',
    OLLAMA_ORIGINS: 'http://127.0.0.1',
    DO_NOT_TRACK: '1',
    GODEBUG: 'clobberfree=1',
  };
}
