CREATE VIEW incidents_only AS SELECT * FROM incidents WHERE record_class = 'incident';
COMMENT ON VIEW incidents_only IS 'What "how many incidents" means: policy events, deployments, studies and round-ups are left out';

-- A table, because every question asks it and joining anew for each takes a second in a large release.
CREATE TABLE incident_overview AS
WITH named AS (
    SELECT x.incident_id,
           string_agg(DISTINCT o.name, '; ' ORDER BY o.name) FILTER (x.role IN ('vendor', 'algorithm_vendor')) AS vendors,
           string_agg(DISTINCT o.name, '; ' ORDER BY o.name) FILTER (x.role IN ('police_agency', 'search_operator')) AS agencies,
           string_agg(DISTINCT o.name, '; ' ORDER BY o.name) FILTER (x.role = 'deployer') AS deployers
    FROM incident_organizations x JOIN organizations o USING (organization_id) GROUP BY x.incident_id),
parties AS (
    SELECT incident_id, string_agg(DISTINCT display_label, '; ' ORDER BY display_label) AS affected
    FROM affected_parties GROUP BY incident_id)
SELECT i.*, p.name AS place, p.region, p.country, named.vendors, named.agencies, named.deployers, parties.affected
FROM incidents i LEFT JOIN places p USING (place_id) LEFT JOIN named USING (incident_id) LEFT JOIN parties USING (incident_id)
ORDER BY i.incident_id;
COMMENT ON TABLE incident_overview IS 'One row an incident with its place, vendors, agencies, deployers and affected parties';

CREATE VIEW corroborated AS SELECT * FROM incident_overview WHERE publisher_count >= 2;
COMMENT ON VIEW corroborated IS 'Incidents told by two or more independent publishers';

CREATE VIEW incidents_by_vendor AS
SELECT o.name AS vendor, count(DISTINCT i.incident_id) AS incidents, count(DISTINCT i.incident_id) FILTER (i.publisher_count >= 2) AS corroborated
FROM incidents_only i JOIN incident_organizations x USING (incident_id) JOIN organizations o USING (organization_id)
WHERE x.role IN ('vendor', 'algorithm_vendor') GROUP BY ALL ORDER BY incidents DESC, vendor;

CREATE VIEW incidents_by_agency AS
SELECT o.name AS agency, o.country, count(DISTINCT i.incident_id) AS incidents
FROM incidents_only i JOIN incident_organizations x USING (incident_id) JOIN organizations o USING (organization_id)
WHERE x.role IN ('police_agency', 'search_operator') GROUP BY ALL ORDER BY incidents DESC, agency;

CREATE VIEW incidents_by_country_and_year AS
SELECT p.country, year(i.event_on_start) AS year, count(*) AS incidents
FROM incidents_only i LEFT JOIN places p USING (place_id) GROUP BY ALL ORDER BY country, year;

CREATE MACRO timeline(id) AS TABLE
SELECT e.event_on, e.date_precision, e.event_type, o.name AS organization, e.amount, e.currency, e.amount_kind
FROM incident_events e LEFT JOIN organizations o USING (organization_id)
WHERE e.incident_id = coalesce((SELECT new_id FROM id_redirects WHERE old_id = id LIMIT 1), id) ORDER BY e.event_on, e.event_type;

CREATE VIEW sentences AS
SELECT owned.incident_id, e.table_name, e.row_id, e.field, e.value, e.selected, e.quote, a.publisher, a.published_on, a.url,
       r.archive_file, r.archive_offset, e.extractor, e.score, e.evidence_id
FROM (SELECT incident_id, incident_id AS row_id FROM incidents
      UNION ALL SELECT incident_id, incident_organization_id FROM incident_organizations
      UNION ALL SELECT incident_id, affected_party_id FROM affected_parties
      UNION ALL SELECT incident_id, incident_event_id FROM incident_events
      UNION ALL SELECT incident_id, proceeding_id FROM proceedings
      UNION ALL SELECT incident_id, incident_tag_id FROM incident_tags) owned
JOIN evidence e USING (row_id) JOIN article_revisions r USING (revision_id) JOIN articles a USING (article_id);
COMMENT ON VIEW sentences IS 'The sentences behind every value of an incident, its organizations, people, events, cases and tags';

CREATE MACRO why(id) AS TABLE
SELECT table_name, field, value, selected, quote, publisher, published_on, url, archive_file, archive_offset, extractor, score
FROM sentences WHERE incident_id = id ORDER BY table_name, field, selected DESC, score DESC, evidence_id;
