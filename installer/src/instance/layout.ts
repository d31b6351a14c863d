import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

/** Where one instance lives. Every path is absolute. */
export type InstanceLayout = {
  instance: string;
  /** Installed by root: a service account per component, and programs that all of them can execute. */
  asRoot: boolean;
  /** Settings, certificates and the credentials of the installer. */
  configDir: string;
  dataDir: string;
  logDir: string;
  /** Sockets and process records; may vanish at a reboot. */
  runDir: string;
  /** Programs by version; as root the components are copied here, out of the cache of root. */
  programsDir: string;
  /** Holds the seal key. Never inside the data directory: whoever copies one must not get both. */
  sealDir: string;
  /** `--data-dir`, if the instance was put into one directory. */
  root: string | null;
  /** Outside the data directory: tells later commands where the instance of this name is. */
  pointerDir: string;
};

export type LayoutRequest = {
  instance?: string | undefined;
  dataDir?: string | undefined;
  sealDir?: string | undefined;
  asRoot: boolean;
  env: NodeJS.ProcessEnv;
};

// Linux allows 107 bytes for the path of a Unix socket; the longest below the run directory is
// "/postgresql/.s.PGSQL.5432.lock".
const longestRunDir = 107 - '/postgresql/.s.PGSQL.65535.lock'.length;

/** Pure: decides every directory of an instance; creates nothing. */
export function layoutFor(request: LayoutRequest): InstanceLayout {
  const instance = request.instance ?? 'default';
  const base = request.asRoot ? rootDirs(instance) : userDirs(instance, request.env);
  const root = request.dataDir ? path.resolve(request.dataDir) : null;
  const dirs = root
    ? {
        configDir: path.join(root, 'config'),
        dataDir: path.join(root, 'data'),
        logDir: path.join(root, 'log'),
        runDir: path.join(root, 'run'),
        programsDir: path.join(root, 'programs'),
      }
    : base;
  return {
    instance,
    asRoot: request.asRoot,
    ...dirs,
    runDir: shortEnough(dirs.runDir),
    sealDir: path.resolve(request.sealDir ?? path.join(base.configDir, 'seal')),
    root,
    pointerDir: base.configDir,
  };
}

function rootDirs(instance: string) {
  return {
    configDir: `/etc/casemate/${instance}`,
    dataDir: `/var/lib/casemate/${instance}`,
    logDir: `/var/log/casemate/${instance}`,
    runDir: `/run/casemate/${instance}`,
    programsDir: '/opt/casemate',
  };
}

function userDirs(instance: string, env: NodeJS.ProcessEnv) {
  const home = env['HOME'] || homedir();
  const xdg = (name: string, fallback: string) =>
    path.resolve(env[name] || path.join(home, fallback), 'casemate');
  const state = path.join(xdg('XDG_STATE_HOME', '.local/state'), instance);
  return {
    configDir: path.join(xdg('XDG_CONFIG_HOME', '.config'), instance),
    dataDir: path.join(xdg('XDG_DATA_HOME', '.local/share'), instance),
    logDir: path.join(state, 'log'),
    runDir: env['XDG_RUNTIME_DIR']
      ? path.join(env['XDG_RUNTIME_DIR'], 'casemate', instance)
      : path.join(state, 'run'),
    programsDir: path.join(xdg('XDG_DATA_HOME', '.local/share'), 'programs'),
  };
}

function shortEnough(runDir: string): string {
  if (Buffer.byteLength(runDir) <= longestRunDir) return runDir;
  const digest = createHash('sha256').update(runDir).digest('hex').slice(0, 12);
  return path.join(tmpdir(), `casemate-${digest}`);
}
