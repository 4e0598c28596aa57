"""The window around the screens: navigation, top strip, banners, palette, shortcuts, remembered layout."""
