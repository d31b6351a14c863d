import { spawnSync } from 'node:child_process';

/** Type-checks every workspace and the files beside them; goes on after a fault, to show all. */
const faulty = ['server', 'installer', 'web', '.'].filter((project) => {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', project],
    {
      stdio: 'inherit',
    },
  );
  return status !== 0;
});
if (faulty.length > 0) console.error(`types: ${faulty.join(', ')}`);
process.exitCode = faulty.length === 0 ? 0 : 1;
