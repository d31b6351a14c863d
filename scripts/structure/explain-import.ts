import path from 'node:path';
import { ARROWS, FLOORS } from './floors.ts';
import { isTest } from './source-file.ts';

const ROOMS = 'server/src/';

/**
 * Says what is wrong with one import, or nothing.
 *
 * @param file path of the importing file from the repository's root
 * @param source the specifier as it stands in the import
 */
export function explainImport(file: string, source: string): string | undefined {
  if (!source.startsWith('.')) return undefined;
  const target = path.posix.join(path.posix.dirname(file), source);
  return (
    explainRooms(file, target) ?? explainFeatures(file, target) ?? explainWorkspaces(file, target)
  );
}

function explainRooms(file: string, target: string): string | undefined {
  const [from] = placeIn(ROOMS, file);
  const [to, inside] = placeIn(ROOMS, target);
  // main.ts starts the whole; what tests share, and benchmarks, may reach behind a door.
  if (!from && (to === 'app' || isTest(file) || file.startsWith('scripts/bench/')))
    return undefined;
  if (from && !to && target.startsWith(ROOMS))
    return `${target} is no room: ${from} stands below it`;
  if (!to || from === to) return undefined;
  if (inside !== 'index.ts') return `Enter the room ${to} through its index.ts, not ${inside}`;
  // A test may stand on a higher room to build the world it needs, still through its index.ts.
  if (!from || isTest(file)) return undefined;
  const [fromFloor, toFloor] = [FLOORS[from], FLOORS[to]];
  if (fromFloor === undefined) return `The room ${from} has no floor in floors.ts`;
  if (toFloor === undefined) return `The room ${to} has no floor in floors.ts`;
  if (toFloor < fromFloor) return undefined;
  if (toFloor > fromFloor) {
    return `Imports go down only: ${from} (floor ${fromFloor}) imports ${to} (floor ${toFloor})`;
  }
  return ARROWS.some(([a, b]) => a === from && b === to)
    ? undefined
    : `Floor ${fromFloor} has no arrow ${from} → ${to} in floors.ts`;
}

function explainFeatures(file: string, target: string): string | undefined {
  const [layer, feature] = placeIn('web/src/', file);
  const [toLayer, toFeature] = placeIn('web/src/', target);
  if (!layer || !toLayer) return undefined;
  if (layer === 'features' && toLayer === 'features') {
    const [own, other] = [feature?.split('/')[0], toFeature?.split('/')[0]];
    return own === other ? undefined : `The feature ${own} imports the feature ${other}`;
  }
  const order = ['lib', 'ui', 'features', 'app'];
  return order.indexOf(toLayer) > order.indexOf(layer) && order.includes(layer)
    ? `web/src/${layer} imports web/src/${toLayer}: imports go app → features → ui → lib`
    : undefined;
}

function explainWorkspaces(file: string, target: string): string | undefined {
  // Tests start the real parts as the installer does.
  if (isTest(file)) return undefined;
  const [from, to] = [workspaceOf(file), workspaceOf(target)];
  return from && to && from !== to ? `The workspace ${from} imports from ${to}` : undefined;
}

const workspaceOf = (file: string): string | undefined =>
  /^(server|web|installer)\//.exec(file)?.[1];

/** Splits `prefix/room/rest` into room and rest; a file directly under the prefix is in no room. */
function placeIn(prefix: string, file: string): [room?: string, rest?: string] {
  if (!file.startsWith(prefix)) return [];
  const rest = file.slice(prefix.length);
  const slash = rest.indexOf('/');
  return slash === -1 ? [] : [rest.slice(0, slash), rest.slice(slash + 1)];
}
