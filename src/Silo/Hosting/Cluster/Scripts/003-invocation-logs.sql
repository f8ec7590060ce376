-- Invocation logs: slices, when an entry came (retention), and batches that are known again.

ALTER TABLE capif_invocation_entry ADD COLUMN slice text, ADD COLUMN received_at bigint;
UPDATE capif_invocation_entry SET received_at = coalesce(invoked_at, 0), invoked_at = coalesce(invoked_at, 0);
ALTER TABLE capif_invocation_entry ALTER COLUMN received_at SET NOT NULL;
CREATE INDEX capif_invocation_by_source ON capif_invocation_entry(domain, src_interface, invoked_at);
CREATE INDEX capif_invocation_by_slice ON capif_invocation_entry(domain, slice);

CREATE TABLE capif_invocation_request(
    aef_id text NOT NULL,
    request_key text NOT NULL,
    digest bytea NOT NULL,
    log_id text NOT NULL,
    received_at bigint NOT NULL,
    published boolean NOT NULL,
    PRIMARY KEY(aef_id, request_key));
CREATE INDEX capif_invocation_request_by_time ON capif_invocation_request(received_at);
