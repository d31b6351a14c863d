import { COUNTING_TABLE } from './counting-rules.ts';

/** Packets of one account to one destination. */
export type Sent = {
  uid: number;
  address: string;
  protocol: string;
  port: number;
  packets: number;
};

export type Counts = { sent: Sent[]; kernel: number; unattributed: number };

type Element = { elem: { val: { concat: unknown[] }; counter: { packets: number } } };
type Listed = {
  nftables: readonly {
    counter?: { table: string; name: string; packets: number };
    set?: { table: string; name: string; elem?: readonly Element[] };
  }[];
};

/** Reads `nft -j list table inet …`. Throws when the counters are not there: then nothing counted. */
export function readCounts(text: string): Counts {
  const own = (JSON.parse(text) as Listed).nftables;
  const sets = own.flatMap(({ set }) => (set?.table === COUNTING_TABLE ? [set] : []));
  const counters = own.flatMap(({ counter }) =>
    counter?.table === COUNTING_TABLE ? [counter] : [],
  );
  const counter = (name: string): number => {
    const found = counters.find((one) => one.name === name);
    if (!found) throw new Error(`the counter "${name}" is gone: nothing was counted`);
    return found.packets;
  };
  if (sets.length !== 2) throw new Error('the counting sets are gone: nothing was counted');
  return {
    sent: sets.flatMap(({ elem }) => (elem ?? []).map(readElement)),
    kernel: counter('kernel'),
    unattributed: counter('unattributed'),
  };
}

function readElement({ elem }: Element): Sent {
  const [uid, address, protocol, port] = elem.val.concat;
  return {
    uid: Number(uid),
    address: String(address),
    protocol: String(protocol),
    port: Number(port),
    packets: elem.counter.packets,
  };
}
