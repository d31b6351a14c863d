export const COUNTING_TABLE = 'casemate_egress_count';

/**
 * Rules of nftables that count what leaves, before anything can refuse it: by account, destination,
 * protocol and port. Loopback is no way out. What no socket sent is the kernel's own; of that the
 * neighbour discovery of IPv6, which an interface does by itself, is left out.
 * `accounts` narrows it to these uids on a host where others work, too.
 */
export function countingRules(accounts?: readonly number[]): string {
  const others = accounts ? `meta skuid != { ${accounts.join(', ')} } return` : '';
  const kernel = accounts ? '' : 'counter name kernel';
  return `
table inet ${COUNTING_TABLE}
delete table inet ${COUNTING_TABLE}
table inet ${COUNTING_TABLE} {
  counter kernel { }
  counter unattributed { }
  set seen4 { typeof meta skuid . ip daddr . meta l4proto . th dport; flags dynamic; size 65535; counter; }
  set seen6 { typeof meta skuid . ip6 daddr . meta l4proto . th dport; flags dynamic; size 65535; counter; }
  chain sent {
    ${others}
    update @seen4 { meta skuid . ip daddr . meta l4proto . th dport } return
    update @seen6 { meta skuid . ip6 daddr . meta l4proto . th dport } return
    counter name unattributed
  }
  chain output {
    type filter hook output priority -150; policy accept;
    oifname "lo" return
    meta skuid >= 0 goto sent
    icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-report, mld2-listener-report } return
    ${kernel}
  }
}
`;
}
