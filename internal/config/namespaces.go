package config

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// namespaces says which share is behind a DFS namespace or a folder of one. In the
// file it is a section whose keys are the namespaces.
type namespaces []Mapping

func (d *decoder) namespaces(n *yaml.Node, path string) (all namespaces) {
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return nil
	case n.Kind != yaml.MappingNode:
		d.fail(n.Line, path, `is a section of lines such as \\corp.example.com\ftp: \\fs01.corp.example.com\ftp$, not a %s`, kindName(n))
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		var m Mapping
		from, to := scalar(key.Value, &m.From), scalar(value.Value, &m.To)
		where := path + "." + key.Value
		if from == nil {
			where = path + "." + m.From.String() // as validate and Values name it
		}
		d.lines[where] = key.Line
		if key.Kind != yaml.ScalarNode || value.Kind != yaml.ScalarNode || value.Tag == "!!null" {
			d.fail(key.Line, where, "takes one share")
			continue
		}
		if from != nil {
			d.fail(key.Line, where, "%s", from)
		}
		if to != nil {
			d.fail(value.Line, where, "%s", to)
		}
		all = append(all, m)
	}
	return all
}

// validate looks at each namespace with its target: both are shares or folders
// below one, a target is no namespace again, and its server is one that may be
// entered, if any is listed.
func (all namespaces) validate(d *decoder, servers []FileServer) {
	for i, m := range all {
		at := "dfs." + m.From.String()
		holds := func(place homedir.Location) func(Mapping) bool {
			return func(o Mapping) bool { return o.From.Contains(place) }
		}
		switch {
		case m.From.Kind() != homedir.KindUNC:
			d.at(at, `%s is no namespace, such as \\corp.example.com\ftp`, m.From)
		case m.To.Kind() != homedir.KindUNC:
			d.at(at, "%s is no share; pathMap maps homes to local folders", m.To)
		case slices.ContainsFunc(all[:i], func(o Mapping) bool { return o.From.Key() == m.From.Key() }):
			d.at(at, "%s is given twice", m.From)
		case slices.ContainsFunc(all, holds(m.To)):
			d.at(at, "%s is part of a namespace again; name the share behind it", m.To)
		case len(servers) > 0 && !slices.ContainsFunc(servers, func(s FileServer) bool { return homedir.MatchServers(s.Name, m.To.Server()) }):
			d.at(at, "%s is not listed in fileServers", m.To.Server())
		}
	}
}

// MarshalYAML returns the section.
func (all namespaces) MarshalYAML() (any, error) {
	section := yaml.Node{Kind: yaml.MappingNode}
	for _, m := range all {
		var key, value yaml.Node
		key.SetString(m.From.String())
		value.SetString(m.To.String())
		section.Content = append(section.Content, &key, &value)
	}
	return section, nil
}
