import {
  localhostAllowedHostnames,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server';
import { codes, jsonRpcError } from './json-rpc.ts';

const loopback = localhostAllowedHostnames();

/**
 * Refuses pages of other origins, and where this house is one's own machine also names that are not its: a page that has its own name
 * point to 127.0.0.1 (DNS rebinding) shows itself by either. Pages on this machine itself, such as an inspector, pass.
 * @see MCP 2026-07-28, Streamable HTTP, Security warning
 */
export const originCheck = (publicUrl: string): ((request: Request) => Response | null) => {
  const own = new URL(publicUrl).hostname;
  const onThisMachine = loopback.includes(own);
  const origins = [own, ...loopback];
  return ({ headers }) => {
    if (onThisMachine && !validateHostHeader(headers.get('host'), loopback).ok) {
      return jsonRpcError(
        403,
        codes.transport,
        'This Stint answers on localhost only. Whoever runs it can set STINT_PUBLIC_URL to the address that you used.',
      );
    }
    if (!validateOriginHeader(headers.get('origin'), origins).ok) {
      return jsonRpcError(403, codes.transport, 'Pages of other origins may not speak to this MCP server.');
    }
    return null;
  };
};

/** What a page of an allowed origin needs to read the answer. */
export const corsHeaders = ({ headers }: Request): [name: string, value: string][] => {
  const origin = headers.get('origin');
  if (origin === null || origin === '') return [];
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Expose-Headers', 'WWW-Authenticate, Retry-After'],
    ['Vary', 'Origin'],
  ];
};

/** The answer to a browser that asks first. */
export const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      Allow: 'POST, OPTIONS',
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers':
        'Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID',
      'Access-Control-Max-Age': '3600',
    },
  });
