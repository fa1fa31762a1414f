"""What report.html is made of: the map, its layout, the plots, the figures, and the data that the page reads."""
