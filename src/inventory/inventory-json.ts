// The inventory file after inventory.schema.json has accepted it: the same members, as TypeScript types.
// What each means and its default stand in the schema; comments ("//" members) are not listed here.

import type { CipherSuite, Method } from './inventory.ts';

export interface InventoryJson {
  readonly system?: SystemJson;
  readonly paths?: PathsJson;
  readonly secrets: LoginJson;
  readonly ca_server?: CaServerJson;
  readonly devices: Readonly<Record<string, DeviceJson>>;
  readonly links: readonly LinkJson[];
}

export interface SystemJson {
  readonly max_threads?: number;
  readonly rotation?: {
    readonly interval?: number;
    readonly lead?: number;
    readonly margin?: number;
    readonly ring?: number;
    readonly max_clock_difference?: number;
    readonly wait?: number;
    readonly poll?: number;
    readonly keys_per_commit?: number;
  };
  readonly ssh?: {
    readonly attempts?: number;
    readonly delay?: number;
    readonly timeout?: number;
    readonly host_key_policy?: 'strict' | 'accept-new';
    readonly known_hosts_file?: string;
  };
  readonly netconf?: {
    readonly mgd_command?: readonly string[];
    readonly mgd_socket?: string;
    readonly rpc_timeout?: number;
    readonly commit_timeout?: number;
    readonly lock_wait?: number;
  };
  readonly kme?: { readonly attempt_timeout?: number; readonly deadline?: number };
  readonly event_options?: { readonly start_time?: string };
}

export interface PathsJson {
  readonly home?: string;
  readonly certificates?: string;
  readonly records?: string;
  readonly logs?: string;
  readonly record?: string;
  readonly peer_record?: string;
}

export interface LoginJson {
  readonly username?: string;
  readonly password?: string;
  readonly password_file?: string;
  readonly password_env?: string;
  readonly private_key_file?: string;
  readonly passphrase_file?: string;
  readonly passphrase_env?: string;
}

export interface CaServerJson {
  readonly ca_cert?: { readonly fetch?: boolean; readonly generate?: boolean };
  readonly ca_server_ip?: string;
  readonly ca_user?: string;
  readonly ca_pass?: string;
  readonly ca_pass_file?: string;
  readonly ca_pass_env?: string;
  readonly ca_path?: string;
  readonly ca_cert_name?: string;
  readonly ca_key_name?: string;
}

export interface DeviceJson {
  readonly ip: string | readonly string[];
  readonly port?: number;
  readonly host_key?: string | readonly string[];
  readonly sae_id?: string;
  readonly root_enc_pass?: string;
  readonly root_enc_pass_file?: string;
  readonly root_enc_pass_env?: string;
  readonly kme: {
    readonly url: string;
    readonly ca_file?: string;
    readonly cert_file?: string;
    readonly key_file?: string;
    readonly server_name?: string;
    readonly address?: string;
  };
}

export interface LinkJson {
  readonly name: string;
  readonly connectivity_association: string;
  readonly method?: Method;
  readonly cipher_suite?: CipherSuite;
  readonly ckn_prefix?: string;
  readonly key_chain?: string;
  readonly cak?: 'derived' | 'raw';
  readonly initial_key?: { readonly ckn: string; readonly cak?: string; readonly cak_file?: string; readonly cak_env?: string };
  readonly master: EndJson;
  readonly slaves: readonly EndJson[];
}

export interface EndJson {
  readonly device: string;
  readonly interfaces: readonly string[];
}
