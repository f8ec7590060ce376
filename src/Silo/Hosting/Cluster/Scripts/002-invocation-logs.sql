-- Invocation logs (29.222 5.8 and 5.9): a row an entry, with a column for every filter and the entry itself as it came.

CREATE TABLE capif_invocation_entry(
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    log_id text NOT NULL,
    domain text NOT NULL,
    aef_id text NOT NULL,
    api_invoker_id text NOT NULL,
    features text,
    api_id text NOT NULL,
    api_name text NOT NULL,
    api_version text NOT NULL,
    resource_name text NOT NULL,
    protocol text NOT NULL,
    operation text,
    result text NOT NULL,
    invoked_at bigint,
    src_interface text,
    dest_interface text,
    entry bytea NOT NULL);
CREATE INDEX capif_invocation_by_parties ON capif_invocation_entry(domain, aef_id, api_invoker_id, invoked_at);
CREATE INDEX capif_invocation_by_invoker ON capif_invocation_entry(domain, api_invoker_id, invoked_at);
CREATE INDEX capif_invocation_by_api ON capif_invocation_entry(domain, api_id, invoked_at);
CREATE INDEX capif_invocation_by_time ON capif_invocation_entry(domain, invoked_at);
CREATE INDEX capif_invocation_by_result ON capif_invocation_entry(domain, result, invoked_at);
