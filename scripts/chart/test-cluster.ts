import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const beside = path.resolve(import.meta.dirname, '../../../shared/tools/kubernetes');

export type TestCluster = {
  kubeconfig: string;
  /** Hands the archives of images to the cluster; one that was given has them already. */
  load(archives: readonly string[]): void;
  stop(): void;
};

/**
 * The cluster that KUBECONFIG names, or one of this host's own, where the scripts that start one lie
 * beside the checkout; null where there is neither.
 */
export function startTestCluster(env: NodeJS.ProcessEnv): TestCluster | null {
  const given = env['KUBECONFIG'];
  if (given) return { kubeconfig: given, load: () => undefined, stop: () => undefined };
  const scripts = env['CASEMATE_TEST_CLUSTER'] ?? beside;
  if (!existsSync(path.join(scripts, 'up.sh')) || process.getuid?.() !== 0) return null;
  const dir = mkdtempSync(path.join(tmpdir(), 'cmk-'));
  const volumes = `${dir}-volumes`;
  const run = (name: string, ...args: string[]): void => {
    execFileSync(path.join(scripts, name), [dir, ...args], { stdio: 'ignore' });
  };
  run('up.sh');
  const kubeconfig = path.join(dir, 'kubeconfig');
  makeVolumes(kubeconfig, volumes);
  keepSandboxImage(kubeconfig);
  letPodsTalk();
  return {
    kubeconfig,
    load: (archives) => {
      for (const archive of archives) importArchive(path.join(dir, 'containerd.sock'), archive);
    },
    stop: () => {
      run('down.sh');
      rmSync(volumes, { recursive: true, force: true });
    },
  };
}

/** With the digests that the builder has written, by which the chart names them. */
function importArchive(socket: string, archive: string): void {
  const name = `docker.io/library/${path.basename(archive, '.tar')}`;
  const words = ['images', 'import', '--digests', '--base-name', name, archive];
  execFileSync('ctr', ['-a', socket, '-n', 'k8s.io', ...words], { stdio: 'ignore' });
}

/** It has nothing that makes volumes: folders of this host, each for whoever asks first. */
function makeVolumes(kubeconfig: string, folder: string): void {
  const volumes = Array.from({ length: 8 }, (_none, at) => {
    const local = path.join(folder, `v${at}`);
    mkdirSync(local, { recursive: true });
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `v${at}` },
      spec: {
        capacity: { storage: '50Gi' },
        accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
        storageClassName: 'local',
        local: { path: local },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }],
              },
            ],
          },
        },
      },
    };
  });
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: 'local',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  const file = path.join(folder, 'volumes.json');
  const items = [storageClass, ...volumes];
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  execFileSync('kubectl', ['--kubeconfig', kubeconfig, 'apply', '-f', file], { stdio: 'ignore' });
}

/** A kubelet whose disk is rather full removes images that no container uses, this one too. */
function keepSandboxImage(kubeconfig: string): void {
  const image = '--image=docker.io/local/pause:1';
  const words = ['-n', 'kube-system', 'run', 'sandbox-image', image, '--image-pull-policy=Never'];
  for (let tries = 1; ; tries += 1)
    try {
      execFileSync('kubectl', ['--kubeconfig', kubeconfig, ...words], { stdio: 'ignore' });
      return;
    } catch (error) {
      // The account of its pods is made a moment after the node is there.
      if (tries === 20) throw error;
      execFileSync('sleep', ['1']);
    }
}

/** Where a container engine runs as well, its packet filter drops what pods say to each other. */
function letPodsTalk(): void {
  for (const way of ['-i', '-o'])
    try {
      const rule = ['DOCKER-USER', way, 'kube-bridge', '-j', 'ACCEPT'];
      execFileSync('iptables', ['-I', ...rule], { stdio: 'ignore' });
    } catch {
      // No engine, no such chain: nothing is dropped.
    }
}
