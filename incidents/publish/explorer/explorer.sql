-- What the explorer page reads, one row an incident in the order of the ids. `charts` is all that the first charts need,
-- `titles` what the list and the search add; details.sql makes the rest of an incident's page.
CREATE TEMP VIEW owners AS
SELECT incident_id AS row_id, incident_id FROM incidents
UNION ALL SELECT incident_organization_id, incident_id FROM incident_organizations
UNION ALL SELECT affected_party_id, incident_id FROM affected_parties
UNION ALL SELECT incident_event_id, incident_id FROM incident_events
UNION ALL SELECT incident_tag_id, incident_id FROM incident_tags
UNION ALL SELECT proceeding_id, incident_id FROM proceedings;

CREATE TEMP TABLE part AS
SELECT x.incident_id,
       string_agg(DISTINCT o.name, chr(31) ORDER BY o.name) FILTER (x.role IN ('vendor', 'algorithm_vendor')) AS vendors,
       string_agg(DISTINCT o.name, chr(31) ORDER BY o.name) FILTER (x.role IN ('police_agency', 'search_operator')) AS agencies,
       list({'name': o.name, 'role': x.role, 'product': r.name} ORDER BY x.role, o.name, r.name) AS organizations
FROM incident_organizations x JOIN organizations o USING (organization_id) LEFT JOIN products r USING (product_id)
GROUP BY x.incident_id;

CREATE TEMP TABLE charts AS
SELECT i.incident_id, i.record_class, i.incident_type, CAST(i.event_on_start AS VARCHAR) AS event_on, i.date_precision,
       p.name AS place, p.country, round(p.latitude, 2)::FLOAT AS latitude, round(p.longitude, 2)::FLOAT AS longitude,
       round(i.confidence, 2)::FLOAT AS confidence, i.publisher_count::INTEGER AS publishers, part.vendors, part.agencies
FROM incidents i LEFT JOIN places p USING (place_id) LEFT JOIN part USING (incident_id) ORDER BY i.incident_id;

CREATE TEMP TABLE titles AS SELECT title FROM incidents ORDER BY incident_id;

CREATE TEMP TABLE told AS
SELECT w.incident_id, e.table_name, e.row_id, e.field, e.value, e.selected, e.quote, e.revision_id, e.score, e.evidence_id
FROM evidence e JOIN owners w USING (row_id) WHERE e.quote <> '' ORDER BY w.incident_id;
