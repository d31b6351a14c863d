import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Fault } from '../fault.ts';

const namespaces = ['--mount', '--net', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Words that make the namespaces, and words that start the drill in them. */
export type Walls = { program: string; make: readonly string[]; enter: readonly string[] };

/**
 * An ordinary user is root of a user namespace while the directories are hidden. The drill itself runs in
 * another one inside it, under the user's own number: PostgreSQL refuses to be root, and nobody there can
 * take away again what hides the originals (mount_namespaces(7), locked mounts).
 */
export function findWalls(asRoot: boolean): Walls {
  const program = ['/usr/bin/unshare', '/bin/unshare'].find((file) => existsSync(file));
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const own = [program ?? '', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  const make = asRoot ? namespaces : ['--user', '--map-root-user', ...namespaces];
  const enter = asRoot ? [] : own;
  const words = [...make, '--', ...enter, 'true'];
  if (program && spawnSync(program, words, { stdio: 'ignore' }).status === 0)
    return { program, make, enter };
  throw new Fault('A drill can’t be held on this host', {
    why: asRoot
      ? 'It needs namespaces of its own, so that it can’t reach the originals.'
      : 'It needs namespaces of its own, and this host lets no ordinary user make one.',
    next: 'Allow user namespaces (`casemate preflight`), or restore the backup on another host: `casemate backup restore`.',
    code: 'permission',
  });
}

/** With "$1" the stage, "$2" its place inside, "$3" the models, and then what is hidden, up to "--". */
const script = `set -e
stage=$1; place=$2; models=$3; shift 3
mount --make-rprivate /
mount --bind "$stage" "$place"
mkdir -p "$place/models"
mount --bind "$models" "$place/models"
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mount -t tmpfs -o mode=0711 tmpfs "$1"; fi
  shift
done
shift
ip link set lo up
exec "$@"`;

type Places = {
  stageDir: string;
  /** Where the stage appears inside. */
  place: string;
  modelsDir: string;
  hidden: readonly string[];
};

/** Arguments of the program: a command within the walls. */
export function wordsInside(
  { make, enter }: Walls,
  { stageDir, place, modelsDir, hidden }: Places,
  command: readonly string[],
): string[] {
  const before = [...make, '--', 'sh', '-c', script, 'sh', stageDir, place, modelsDir];
  return [...before, ...hidden, '--', ...enter, ...command];
}
