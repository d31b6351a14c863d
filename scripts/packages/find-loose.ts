type Manifest = Readonly<
  Record<
    'dependencies' | 'devDependencies' | 'optionalDependencies',
    Readonly<Record<string, string>> | undefined
  >
>;
type Entry = { version?: string; integrity?: string; link?: boolean; optional?: boolean };

/** For systems that this product does not run on: npm leaves them out there, and the registry their sums. */
const ELSEWHERE =
  /-(?:android|darwin|win32|freebsd|openharmony|wasm32?|linux-(?!x64)|linux-x64-musl)/;

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** SUP-02: dependencies that are no exact version, and locked packages without the checksum of their archive. */
export function findLoose(
  manifests: Readonly<Record<string, Partial<Manifest>>>,
  lock: Readonly<Record<string, Entry>>,
): string[] {
  const ranges = Object.entries(manifests).flatMap(([file, manifest]) =>
    Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    })
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `${file}: ${name} is ${version}, no exact version`),
  );
  const unsummed = Object.entries(lock)
    .filter(([place, { link }]) => place.includes('node_modules/') && !link)
    .filter(([place, { optional }]) => !(optional && ELSEWHERE.test(place)))
    .filter(([, { integrity = '' }]) => !/^sha512-[\w+/=]{80,}/.test(integrity))
    .map(([place]) => `package-lock.json: ${place} has no SHA-512`);
  return [...ranges, ...unsummed];
}
