<#-- The licences the station chose (see license-maven-plugin in pom.xml), one library a line; it has no line for itself. -->
<#list dependencyMap as entry>
<#assign library = entry.getKey() licences = entry.getValue()>
${(library.artifactId + "-" + library.version + ".jar")?right_pad(46)} ${licences?join(" or ")?right_pad(34)} ${library.groupId}
</#list>
