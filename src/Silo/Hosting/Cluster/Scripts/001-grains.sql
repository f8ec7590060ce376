-- What Orleans' ADO.NET providers ask of a database (membership, reminders), for PostgreSQL. The providers read the texts of their queries
-- from the table OrleansQuery, by key; parameters and result columns are theirs by name. Tables and texts are ours.

CREATE TABLE OrleansQuery(
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL);

-- Membership. Every change of a cluster's members is a change of its version, and of nothing where that version is not the one expected.

CREATE TABLE capif_membership_version(
    deployment_id text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE capif_member(
    deployment_id text NOT NULL REFERENCES capif_membership_version,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer,
    suspect_times text,
    start_time timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    PRIMARY KEY(deployment_id, address, port, generation));

CREATE VIEW capif_membership AS
    SELECT v.deployment_id AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
        m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes, m.start_time AS StartTime,
        m.i_am_alive_time AS IAmAliveTime, v.version AS Version
    FROM capif_membership_version v LEFT JOIN capif_member m USING(deployment_id);

INSERT INTO OrleansQuery VALUES
('InsertMembershipVersionKey', $query$
WITH inserted AS (
    INSERT INTO capif_membership_version(deployment_id) VALUES(@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
SELECT count(*) FROM inserted;
$query$),
-- A member that is there already leaves the version as it is: both hold, or nothing happens.
('InsertMembershipKey', $query$
WITH turned AS (
    UPDATE capif_membership_version SET version = version + 1, changed_at = now()
    WHERE deployment_id = @DeploymentId AND version = @Version AND NOT EXISTS(
        SELECT 1 FROM capif_member
        WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING deployment_id),
inserted AS (
    INSERT INTO capif_member(
        deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
    SELECT deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM turned RETURNING 1)
SELECT count(*) FROM inserted;
$query$),
('UpdateMembershipKey', $query$
WITH turned AS (
    UPDATE capif_membership_version SET version = version + 1, changed_at = now()
    WHERE deployment_id = @DeploymentId AND version = @Version AND EXISTS(
        SELECT 1 FROM capif_member
        WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING deployment_id),
updated AS (
    UPDATE capif_member m SET status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
    FROM turned
    WHERE m.deployment_id = turned.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    RETURNING 1)
SELECT count(*) FROM updated;
$query$),
('UpdateIAmAlivetimeKey', $query$
UPDATE capif_member SET i_am_alive_time = @IAmAliveTime
WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation;
$query$),
('MembershipReadAllKey', 'SELECT * FROM capif_membership WHERE DeploymentId = @DeploymentId;'),
-- The version is answered also where there is no such member.
('MembershipReadRowKey', $query$
SELECT v.deployment_id AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
    m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes, m.start_time AS StartTime,
    m.i_am_alive_time AS IAmAliveTime, v.version AS Version
FROM capif_membership_version v LEFT JOIN capif_member m
    ON m.deployment_id = v.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
WHERE v.deployment_id = @DeploymentId;
$query$),
('GatewaysQueryKey', $query$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM capif_member
WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0;
$query$),
('DeleteMembershipTableEntriesKey', $query$
DELETE FROM capif_member WHERE deployment_id = @DeploymentId;
DELETE FROM capif_membership_version WHERE deployment_id = @DeploymentId;
$query$),
-- 3: a silo that is active, however long it has not said so.
('CleanupDefunctSiloEntriesKey', $query$
DELETE FROM capif_member WHERE deployment_id = @DeploymentId AND i_am_alive_time < @IAmAliveTime AND status <> 3;
$query$);

-- Grain state: PostgresGrainStorage's own. A row belongs to a kind of grain, its key and the name of the state, all of them as they are.

CREATE TABLE capif_grain_state(
    grain_key text NOT NULL,
    grain_type text NOT NULL,
    name text NOT NULL,
    version bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY(grain_key, grain_type, name));

-- Reminders. Silos share them by ranges of the hash; a range that goes over the end of the circle is the second query's.

CREATE TABLE capif_reminder(
    service_id text NOT NULL,
    grain_id text NOT NULL,
    reminder_name text NOT NULL,
    start_time timestamptz NOT NULL,
    period bigint NOT NULL,
    grain_hash integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY(service_id, grain_id, reminder_name));
CREATE INDEX capif_reminder_by_hash ON capif_reminder(service_id, grain_hash);

INSERT INTO OrleansQuery VALUES
('UpsertReminderRowKey', $query$
INSERT INTO capif_reminder AS r VALUES(@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT(service_id, grain_id, reminder_name) DO UPDATE
    SET start_time = excluded.start_time, period = excluded.period, grain_hash = excluded.grain_hash, version = r.version + 1
RETURNING version AS Version;
$query$),
('ReadReminderRowsKey', $query$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM capif_reminder WHERE service_id = @ServiceId AND grain_id = @GrainId;
$query$),
('ReadReminderRowKey', $query$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM capif_reminder WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName;
$query$),
('ReadRangeRows1Key', $query$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM capif_reminder WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash;
$query$),
('ReadRangeRows2Key', $query$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM capif_reminder WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash);
$query$),
('DeleteReminderRowKey', $query$
WITH deleted AS (
    DELETE FROM capif_reminder
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version RETURNING 1)
SELECT count(*) FROM deleted;
$query$),
('DeleteReminderRowsKey', 'DELETE FROM capif_reminder WHERE service_id = @ServiceId;');
