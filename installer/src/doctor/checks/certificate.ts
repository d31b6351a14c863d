import { createPrivateKey, X509Certificate } from 'node:crypto';
import { currentFiles } from '../../certificates/certificate-files.ts';
import { describeCertificate } from '../../certificates/describe-certificate.ts';
import { coversName, daysLeft, renewWithinDays } from '../../certificates/renewal-reason.ts';
import { bad, type DoctorCheck, good, poor } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

const id = 'certificate';

export async function checkCertificate(patient: Patient): Promise<DoctorCheck[]> {
  const { host, paths, settings } = patient;
  const now = host.now();
  const found = await describeCertificate(paths.tlsDir, now);
  if (!found) {
    const mend = 'Run `casemate certificate renew`, then `casemate restart server`';
    return [bad(id, { found: 'there is none', mend })];
  }
  const files = currentFiles(paths.tlsDir);
  const certificate = new X509Certificate((await host.readText(files.certFile)) ?? '');
  const authority = new X509Certificate((await host.readText(files.caFile)) ?? '');
  const keyFits = certificate.checkPrivateKey(
    createPrivateKey((await host.readText(files.keyFile)) ?? ''),
  );
  const customer = found.origin === 'customer';
  const covers = coversName(certificate, settings.hostName);
  return [
    judge({ left: found.daysLeft, keyFits, covers, customer, hostName: settings.hostName }),
    judgeAuthority(daysLeft(authority, now), customer),
  ];
}

type Findings = {
  left: number;
  keyFits: boolean;
  covers: boolean;
  customer: boolean;
  hostName: string;
};

function judge({ left, keyFits, covers, customer, hostName }: Findings): DoctorCheck {
  const mend = customer
    ? 'Order a new one (`casemate certificate request --out FILE`) and import it, or use our own: `casemate certificate renew --own`'
    : 'Run `casemate certificate renew`';
  if (!keyFits) return bad(id, { found: 'the key belongs to another certificate', mend });
  if (!covers) return bad(id, { found: `it is not for ${hostName}`, mend });
  if (left < 0) return bad(id, { found: `it ended ${-left} days ago`, mend });
  const found = `for ${hostName}, ${left} days left`;
  return left < renewWithinDays ? poor(id, { found, mend }) : good(id, found);
}

function judgeAuthority(left: number, customer: boolean): DoctorCheck {
  const name = 'certificate-authority';
  const found = `${customer ? "the customer's" : 'our own'}, ${left} days left`;
  if (left >= 365) return good(name, found);
  const mend = customer
    ? 'Ask your authority for a certificate of its new root, and import it'
    : 'Plan its exchange: move the directory `authority` away, `casemate certificate renew`, and let browsers trust the new one';
  return left < renewWithinDays ? bad(name, { found, mend }) : poor(name, { found, mend });
}
