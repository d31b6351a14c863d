/**
 * All that the checks may ask of the host. Nothing here throws: what is absent or not allowed to be
 * seen is null or empty, and a check says so. Tests give a host of their own.
 */
export type Host = {
  /** x64, arm64, … as Node names them. */
  architecture: string;
  uid: number;
  /** `release` of the kernel; `glibc` is null on a host with another C library. */
  kernel: string;
  glibc: string | null;
  cores: number;
  now: () => Date;
  /** Every address of this host, loopback included. */
  addresses: () => string[];
  readText: (file: string) => Promise<string | null>;
  list: (dir: string) => Promise<string[]>;
  realPath: (file: string) => Promise<string | null>;
  exists: (file: string) => Promise<boolean>;
  writable: (dir: string) => Promise<boolean>;
  space: (dir: string) => Promise<DiskSpace | null>;
  /** Runs a program without a shell, ten seconds at most; null when it is not there. */
  run: (program: string, args: readonly string[]) => Promise<ProgramOutcome | null>;
  /** Listens for a moment; gives the error code, or null when that worked. */
  tryListening: (address: string, port: number) => Promise<string | null>;
  resolve: (name: string) => Promise<string[]>;
  /** Who holds a socket, by its inode; null when this account may not see it. */
  findSocketOwner: (inode: string) => Promise<string | null>;
  /** A second of synchronised writing in a temporary file, removed again. */
  measureWriting: (dir: string) => Promise<WritingSpeed | { error: string }>;
};

export type DiskSpace = {
  freeBytes: number;
  totalBytes: number;
  freeInodes: number;
  /** 0 where the file system makes inodes as it needs them. */
  totalInodes: number;
};

export type ProgramOutcome = { code: number | null; stdout: string };

export type WritingSpeed = { mebibytesPerSecond: number; syncMilliseconds: number };
