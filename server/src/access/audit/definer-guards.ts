/**
 * What guards a function that runs with its owner's rights, in words, and the body in which a person
 * saw that: no look for words in a text can tell a guard from a quotation of one.
 */
export type DefinerGuard = { readonly words: string; readonly sha256: string };

/**
 * ISO-11: each definer function, reviewed. A function that is not here, or whose body (`prosrc`) has
 * another SHA-256, fails the audit, which names the one it has: who changes a function reviews it anew.
 */
export const DEFINER_GUARDS: Readonly<Record<string, DefinerGuard>> = {
  'control.tenant()': {
    words: 'knows a tenant only by the SHA-256 of the proof that the transaction holds',
    sha256: '2b4f13fc701f9d7c5988ab0696773c5ef10b7324c50045ce310b8ae5b5e15140',
  },
  'control.enqueue_job(uuid,text,uuid,integer)': {
    words: 'refuses without a proven tenant; the job is of that tenant, never for the provisioner',
    sha256: 'c952243c96db7dba5437ba3458ef36b2f612eadeffaa619c26fe224a4d31c8ea',
  },
  'control.cancel_jobs(uuid)': {
    words: 'refuses without a proven tenant; touches jobs of that tenant alone',
    sha256: 'd45283983afc5ff30a2e9b898ba3acebf63dca785a786911cc88fd07f2a45df6',
  },
  'control.lock_counts()': {
    words: 'locks for the proven tenant alone; without a proof it locks nothing',
    sha256: 'f3d425dd64dcad77c6f480469b607fdf03e7a19d67f0c0385fdc0c05af6154bd',
  },
  'control.try_lock_log()': {
    words: 'locks for the proven tenant alone; without a proof it locks nothing and says so',
    sha256: '8490a6096f62d2a7f859e93b935be2c84e157e7f8809d9da52e2f231a9c31e0a',
  },
  'control.waiting_provisioning(integer)': {
    words: 'answers the server alone, and with ids of tenants only',
    sha256: '349ceb1b11ea2b47eaea96b74137c60934ce9e1e2bb563e5799c5383d7d21915',
  },
  'control.drop_search_index(uuid)': {
    words: 'touches the search index of a tenant that has sealed itself, and of no other',
    sha256: 'fce7654a7b357c5778ac601a0cacfa967027fcc4aeeb89b824bb74591fabb37d',
  },
  'control.search_index_bytes(uuid)': {
    words: 'tells the size of four tables of one tenant, never what is in them',
    sha256: 'f68c2ce3cefa9ff783b056e7b18694c4e067096f4f653951a96ef19a7b8c64c7',
  },
  'control.remove_canary_account(uuid)': {
    words: 'refuses any account that no isolation test made',
    sha256: 'ec3e65372efa587834c8d12822c0aa510ffbbfae31818fce59c2cd37c488368a',
  },
  'control.count_refusals(uuid[],timestamp with time zone)': {
    words: 'counts refusals of the accounts of isolation tests alone',
    sha256: '7a29e1f4be93ec450da50be59e020adc22b49cfa5dd848489365607f1bd245a9',
  },
  'control.end_api_keys()': {
    words: 'a trigger: ends keys and service accounts of the one tenant that begins to go',
    sha256: '87bfbf0186df1c4ce87b86642987428e8ad2391c24bbc0cad9df3d81760d329b',
  },
  'control.end_groups()': {
    words: 'a trigger: ends groups of the one tenant that begins to go',
    sha256: 'c66fd6a231429a47b980a1f6c465435c7e8323756a1de4e70285b0e2e778f365',
  },
  'control.end_directory()': {
    words: 'a trigger: ends what a directory named of the one tenant that begins to go',
    sha256: '638922296e2c64180d7bf30a3d1d964d846e48c7cf238ccd315298ffc6175674',
  },
  'casemate_rotation.set_password(text,text)': {
    words: 'refuses accounts that are not ours, and anything but a SCRAM verifier',
    sha256: 'a36e65e9d626bf663500c7b062c94d78816d7d3674a115392256d13f1ae04cc9',
  },
  'casemate_rotation.end_sessions(timestamp with time zone)': {
    words: 'ends sessions of our own accounts alone, and none that are still to come',
    sha256: '70c032be80faaafb592776c9415e02702c7ec76c729aad766fbde223737ef119',
  },
};
