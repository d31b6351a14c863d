import { ApiProblem } from '../../lib/api/api-problem.ts';
import type { ProblemBody } from '../../lib/api/api-problem.ts';
import { keeper } from '../../lib/session/session.ts';

export interface Upload {
  tenantId: string;
  file: File;
  /** Called with the sent part, 0 to 1. */
  onProgress: (part: number) => void;
  signal: AbortSignal;
}

/** One attempt. fetch can't tell how much of a body is sent, so this is an XMLHttpRequest. */
function send({ tenantId, file, onProgress, signal }: Upload): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(
      'POST',
      `/api/tenants/${tenantId}/documents?name=${encodeURIComponent(file.name)}`,
    );
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('authorization', `Bearer ${keeper.token() ?? ''}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(request);
    request.onerror = () => reject(ApiProblem.unreachable());
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function readProblem(request: XMLHttpRequest): ApiProblem {
  try {
    return new ApiProblem(JSON.parse(request.responseText) as ProblemBody, request.status);
  } catch {
    const detail = `The server answered with status ${request.status}. Try the upload again.`;
    return new ApiProblem({ detail }, request.status);
  }
}

/** Sends one file; refreshes the access token once when it has run out. */
export async function uploadDocument(upload: Upload): Promise<void> {
  const token = keeper.token();
  let request = await send(upload);
  if (request.status === 401 && (await keeper.refresh(token))) request = await send(upload);
  if (request.status !== 202) throw readProblem(request);
}
