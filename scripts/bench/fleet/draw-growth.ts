export type Level = {
  tenants: number;
  setRoleMs: number;
  lightMs: number;
  listMs: number;
  noopSeconds: number;
  checksSeconds: number;
  backendMb: number;
  backends: string;
  catalogKb: number;
  files: number;
  provisionMs: number | null;
};

type Panel = { title: string; value: (level: Level) => number | null };

const PANELS: readonly Panel[] = [
  { title: 'List conversations, p50 (ms)', value: ({ lightMs }) => lightMs },
  { title: 'A page of the tenants (ms)', value: ({ listMs }) => listMs },
  { title: 'First SET ROLE of a connection (ms)', value: ({ setRoleMs }) => setRoleMs },
  {
    title: 'Migration pass, nothing to do (ms)',
    value: ({ noopSeconds }) => Math.round(noopSeconds * 1_000),
  },
  { title: 'Highest memory of a backend (MB)', value: ({ backendMb }) => backendMb },
  { title: 'Catalogs, for each tenant (kB)', value: ({ catalogKb }) => catalogKb },
  { title: 'Making a tenant, in bulk (ms)', value: ({ provisionMs }) => provisionMs },
  { title: 'Live checks of all catalogs (s)', value: ({ checksSeconds }) => checksSeconds },
];

const WIDTH = 340;
const HEIGHT = 200;
const COLUMNS = 2;
const PAD = { left: 52, right: 16, top: 34, bottom: 30 };

/** Small panels over the number of tenants, on a logarithmic axis; values from zero. */
export function drawGrowth(levels: readonly Level[]): string {
  const rows = Math.ceil(PANELS.length / COLUMNS);
  const panels = PANELS.map((panel, index) => {
    const x = (index % COLUMNS) * WIDTH;
    const y = Math.floor(index / COLUMNS) * HEIGHT;
    return `<g transform="translate(${x} ${y})">${drawPanel(panel, levels)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${COLUMNS * WIDTH} ${rows * HEIGHT}" font-family="system-ui, sans-serif" font-size="11" role="img" aria-label="What grows with the number of tenants">
<rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
</svg>
`;
}

function drawPanel({ title, value }: Panel, levels: readonly Level[]): string {
  const points = levels.flatMap((level) => {
    const y = value(level);
    return y === null ? [] : [{ tenants: level.tenants, y }];
  });
  const [low, high] = [levels[0]?.tenants ?? 1, levels.at(-1)?.tenants ?? 10];
  const top = niceTop(Math.max(...points.map(({ y }) => y), 0));
  const inner = { width: WIDTH - PAD.left - PAD.right, height: HEIGHT - PAD.top - PAD.bottom };
  const x = (tenants: number): number =>
    PAD.left + (Math.log10(tenants / low) / Math.max(Math.log10(high / low), 0.001)) * inner.width;
  const y = (amount: number): number => PAD.top + (1 - amount / top) * inner.height;
  const grid = [0, top / 2, top].map(
    (amount) =>
      `<line x1="${PAD.left}" x2="${WIDTH - PAD.right}" y1="${y(amount)}" y2="${y(amount)}" stroke="#dde5e3"/><text x="${PAD.left - 6}" y="${y(amount) + 4}" text-anchor="end" fill="#5c6b68">${label(amount)}</text>`,
  );
  const ticks = levels
    .filter(({ tenants }) => Number.isInteger(Math.log10(tenants)))
    .map(
      ({ tenants }) =>
        `<text x="${x(tenants)}" y="${HEIGHT - 10}" text-anchor="middle" fill="#5c6b68">${tenants.toLocaleString('en')}</text>`,
    );
  const line = points.map(({ tenants, y: amount }) => `${round(x(tenants))},${round(y(amount))}`);
  const dots = points.map(
    ({ tenants, y: amount }) =>
      `<circle cx="${round(x(tenants))}" cy="${round(y(amount))}" r="3" fill="#0b6e63"><title>${tenants}: ${amount}</title></circle>`,
  );
  return [
    `<text x="${PAD.left}" y="20" font-weight="600" fill="#1d2b29">${title}</text>`,
    ...grid,
    ...ticks,
    `<polyline points="${line.join(' ')}" fill="none" stroke="#0b6e63" stroke-width="2"/>`,
    ...dots,
  ].join('');
}

/** The next of 1, 2, 5, 10, 20, … above it, so that the axis ends at a round number. */
function niceTop(amount: number): number {
  if (amount <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(amount));
  return ([1, 2, 5, 10].find((step) => step * power >= amount) ?? 10) * power;
}

function label(amount: number): string {
  return Number(amount.toPrecision(3)).toLocaleString('en');
}

function round(amount: number): number {
  return Math.round(amount * 10) / 10;
}
