-- The details of the incidents from $first to $last, as JSON, in the order of the ids. A long list holds its items
-- as JSON: a list of structs takes many times as long to make.
WITH quotes AS (
SELECT e.incident_id, e.table_name, e.row_id, e.field, e.value, coalesce(o.name, r.name, p.name) AS name, e.selected,
       list(to_json({'quote': e.quote, 'publisher': a.publisher, 'published_on': a.published_on, 'url': a.url, 'archive_file': v.archive_file,
                     'archive_offset': v.archive_offset}) ORDER BY e.score DESC, e.evidence_id) AS quotes
FROM told e JOIN article_revisions v USING (revision_id) JOIN articles a USING (article_id)
     LEFT JOIN organizations o ON e.value = o.organization_id LEFT JOIN products r ON e.value = r.product_id LEFT JOIN places p ON e.value = p.place_id
WHERE e.incident_id BETWEEN $first AND $last GROUP BY ALL)

SELECT i.incident_id, to_json({
    'values': coalesce(q.found, []), 'events': coalesce(t.found, []), 'organizations': coalesce(part.organizations, []),
    'parties': coalesce(a.found, []), 'articles': coalesce(n.found, []), 'links': coalesce(l.found, []),
    'allegation_status': i.allegation_status, 'frt_involvement': i.frt_involvement, 'legal_status': i.legal_status,
    'review_level': i.review_level, 'first_reported_on': i.first_reported_on, 'last_reported_on': i.last_reported_on
})::VARCHAR AS detail
FROM incidents i LEFT JOIN part USING (incident_id)
LEFT JOIN (SELECT incident_id, list(to_json({'table': table_name, 'field': field, 'value': value, 'name': name, 'selected': selected, 'quotes': quotes})
                                    ORDER BY table_name <> 'incidents', table_name, field, selected DESC, value, row_id) AS found FROM quotes GROUP BY 1) q USING (incident_id)
LEFT JOIN (SELECT incident_id, list({'on': event_on, 'precision': date_precision, 'type': event_type, 'organization': o.name, 'amount': amount,
                                     'currency': currency, 'amount_kind': amount_kind} ORDER BY event_on, event_type, incident_event_id) AS found
           FROM incident_events LEFT JOIN organizations o USING (organization_id)
           WHERE incident_id BETWEEN $first AND $last GROUP BY 1) t USING (incident_id)
LEFT JOIN (SELECT incident_id, list({'label': display_label, 'kind': party_kind, 'count': count} ORDER BY display_label, affected_party_id) AS found
           FROM affected_parties WHERE incident_id BETWEEN $first AND $last GROUP BY 1) a USING (incident_id)
LEFT JOIN (SELECT incident_id, list({'title': title, 'url': url, 'publisher': publisher, 'published_on': published_on, 'relation': relation}
                                    ORDER BY published_on, articles.article_id) AS found
           FROM incident_articles JOIN articles USING (article_id)
           WHERE incident_id BETWEEN $first AND $last GROUP BY 1) n USING (incident_id)
LEFT JOIN (SELECT from_id AS incident_id, list({'to': to_id, 'type': link_type} ORDER BY to_id, link_type) AS found
           FROM incident_links WHERE from_id BETWEEN $first AND $last GROUP BY 1) l USING (incident_id)
WHERE i.incident_id BETWEEN $first AND $last ORDER BY i.incident_id;
