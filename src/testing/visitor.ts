/** Somebody with a browser without scripts: keeps cookies, sends forms, follows nothing by itself. */
export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Visit>;
  post(
    path: string,
    fields?: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Visit>;
  readonly cookies: Map<string, string>;
}

/** What a visitor was answered. */
export interface Visit {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** Opens a visitor of the house at `url`. */
export const visit = (url: string): Visitor => {
  const cookies = new Map<string, string>();
  const go = async (path: string, init: RequestInit): Promise<Visit> => {
    const headers = new Headers(init.headers);
    if (!headers.has('accept')) headers.set('accept', 'text/html,*/*;q=0.8');
    if (cookies.size > 0)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(`${url}${path}`, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return {
      status: response.status,
      location: response.headers.get('location'),
      headers: response.headers,
      text: await response.text(),
    };
  };
  return {
    cookies,
    get: (path, headers = {}) => go(path, { headers }),
    post: (path, fields = {}, headers = {}) => {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields))
        for (const one of [value].flat()) body.append(name, one);
      return go(path, { method: 'POST', body, headers });
    },
  };
};
