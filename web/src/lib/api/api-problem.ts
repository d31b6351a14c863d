/** What every failed call throws: the server's problem document, or our words when none came. */
export interface ProblemBody {
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  requestId?: string;
  errors?: { path: string; message: string }[];
}

/** An answer that was not a success (RFC 9457), or no answer at all (`code: 'unreachable'`). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  /** Messages per field of a form, by the last part of the server's path. */
  readonly fields: Record<string, string>;

  constructor(body: ProblemBody, status: number) {
    super(
      body.detail ?? body.title ?? 'The server gave an answer that this page does not understand.',
    );
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code ?? 'unknown';
    this.requestId = body.requestId ?? null;
    this.fields = Object.fromEntries(
      (body.errors ?? []).map(({ path, message }) => [path.split(/[./]/).at(-1) ?? path, message]),
    );
  }

  /** The server could not be reached: no network, or it is restarting. */
  static unreachable(): ApiProblem {
    return new ApiProblem(
      {
        code: 'unreachable',
        detail:
          'Casemate cannot be reached. Check that this computer is on the company network, then try again.',
      },
      0,
    );
  }

  /** Reads the problem document of a failed response; a proxy's HTML page becomes a plain sentence. */
  static async read(response: Response): Promise<ApiProblem> {
    const body = await response
      .clone()
      .json()
      .then((value: unknown) => (typeof value === 'object' && value !== null ? value : {}))
      .catch(() => ({}));
    return new ApiProblem(
      {
        detail: `The server answered with status ${response.status}. Try again; if it stays so, tell your administrator.`,
        ...body,
      },
      response.status,
    );
  }
}

/** Any thrown value as a problem, so that every page can draw it. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  // fetch throws a TypeError for every network failure, and says no more on purpose.
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return ApiProblem.unreachable();
  }
  return new ApiProblem(
    {
      code: 'page_error',
      detail: 'This page ran into a fault of its own. Reload it and try again.',
    },
    0,
  );
}
