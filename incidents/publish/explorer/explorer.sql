-- What the explorer page reads, one row an incident in the order of the ids. `charts` is all that the first charts need,
-- `titles` what the list and the search add, `details` the rest of an incident's page as JSON.
CREATE VIEW owners AS
SELECT incident_id AS row_id, incident_id FROM incidents
UNION ALL SELECT incident_organization_id, incident_id FROM incident_organizations
UNION ALL SELECT affected_party_id, incident_id FROM affected_parties
UNION ALL SELECT incident_event_id, incident_id FROM incident_events
UNION ALL SELECT incident_tag_id, incident_id FROM incident_tags
UNION ALL SELECT proceeding_id, incident_id FROM proceedings;

CREATE TABLE part AS
SELECT x.incident_id,
       string_agg(DISTINCT o.name, chr(31) ORDER BY o.name) FILTER (x.role IN ('vendor', 'algorithm_vendor')) AS vendors,
       string_agg(DISTINCT o.name, chr(31) ORDER BY o.name) FILTER (x.role IN ('police_agency', 'search_operator')) AS agencies,
       list({'name': o.name, 'role': x.role, 'product': r.name} ORDER BY x.role, o.name, r.name) AS organizations
FROM incident_organizations x JOIN organizations o USING (organization_id) LEFT JOIN products r USING (product_id)
GROUP BY x.incident_id;

CREATE TABLE charts AS
SELECT i.incident_id, i.record_class, i.incident_type, CAST(i.event_on_start AS VARCHAR) AS event_on, i.date_precision,
       p.name AS place, p.country, round(p.latitude, 2)::FLOAT AS latitude, round(p.longitude, 2)::FLOAT AS longitude,
       round(i.confidence, 2)::FLOAT AS confidence, i.publisher_count::INTEGER AS publishers, part.vendors, part.agencies
FROM incidents i LEFT JOIN places p USING (place_id) LEFT JOIN part USING (incident_id) ORDER BY i.incident_id;

CREATE TABLE titles AS SELECT title FROM incidents ORDER BY incident_id;

CREATE TABLE quotes AS
SELECT w.incident_id, e.table_name, e.row_id, e.field, e.value, coalesce(o.name, r.name, p.name) AS name, e.selected,
       list({'quote': e.quote, 'publisher': a.publisher, 'published_on': a.published_on, 'url': a.url, 'archive_file': v.archive_file,
             'archive_offset': v.archive_offset} ORDER BY e.score DESC, e.evidence_id) AS quotes
FROM evidence e JOIN owners w USING (row_id) JOIN article_revisions v USING (revision_id) JOIN articles a USING (article_id)
     LEFT JOIN organizations o ON e.value = o.organization_id LEFT JOIN products r ON e.value = r.product_id LEFT JOIN places p ON e.value = p.place_id
WHERE e.quote <> '' GROUP BY ALL;

CREATE TABLE details AS
SELECT i.incident_id, to_json({
    'values': coalesce(q.found, []), 'events': coalesce(t.found, []), 'organizations': coalesce(part.organizations, []),
    'parties': coalesce(a.found, []), 'articles': coalesce(n.found, []), 'links': coalesce(l.found, []),
    'allegation_status': i.allegation_status, 'frt_involvement': i.frt_involvement, 'legal_status': i.legal_status,
    'review_level': i.review_level, 'first_reported_on': i.first_reported_on, 'last_reported_on': i.last_reported_on
})::VARCHAR AS detail
FROM incidents i LEFT JOIN part USING (incident_id)
LEFT JOIN (SELECT incident_id, list({'table': table_name, 'field': field, 'value': value, 'name': name, 'selected': selected, 'quotes': quotes}
                                    ORDER BY table_name <> 'incidents', table_name, field, selected DESC, value, row_id) AS found FROM quotes GROUP BY 1) q USING (incident_id)
LEFT JOIN (SELECT incident_id, list({'on': event_on, 'precision': date_precision, 'type': event_type, 'organization': o.name, 'amount': amount,
                                     'currency': currency, 'amount_kind': amount_kind} ORDER BY event_on, event_type, incident_event_id) AS found
           FROM incident_events LEFT JOIN organizations o USING (organization_id) GROUP BY 1) t USING (incident_id)
LEFT JOIN (SELECT incident_id, list({'label': display_label, 'kind': party_kind, 'count': count} ORDER BY display_label, affected_party_id) AS found
           FROM affected_parties GROUP BY 1) a USING (incident_id)
LEFT JOIN (SELECT incident_id, list({'title': title, 'url': url, 'publisher': publisher, 'published_on': published_on, 'relation': relation}
                                    ORDER BY published_on, articles.article_id) AS found
           FROM incident_articles JOIN articles USING (article_id) GROUP BY 1) n USING (incident_id)
LEFT JOIN (SELECT from_id AS incident_id, list({'to': to_id, 'type': link_type} ORDER BY to_id, link_type) AS found
           FROM incident_links GROUP BY 1) l USING (incident_id)
ORDER BY i.incident_id;
